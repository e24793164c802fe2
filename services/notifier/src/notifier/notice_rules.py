"""Which notice an event causes, and who receives it; an approval causes none before the I-20 exists (case 61)."""

from collections.abc import Mapping
from dataclasses import dataclass

from cpt.contracts.alerts import AlertEscalated, AlertRaised, MonitoringBlind
from cpt.contracts.event import Event
from cpt.contracts.intake import ConsultationAsked, DueDateMoved, RequestCompleted, RequestHeld, StudentReminded
from cpt.contracts.notifier import NoticeKind
from cpt.contracts.review import CaseDenied, CaseReturned, I20Issued, StartPushedBack
from cpt.contracts.staff import (
    AcknowledgementAsked,
    AuthorizationChanged,
    AuthorizationEnding,
    ContactAsked,
    CourseConfirmed,
    DigestPrepared,
    I20FileAdded,
    ReportPrepared,
    StudentMessaged,
    TaskEscalated,
    TaskOpened,
)
from cpt.contracts.values import ChangedAuthorization, Recipient
from notifier.domain import usable_address

EVENTS: tuple[type[Event], ...] = (
    ConsultationAsked,
    StudentReminded,
    RequestHeld,
    RequestCompleted,
    CaseReturned,
    CaseDenied,
    StartPushedBack,
    I20Issued,
    AlertRaised,
    AlertEscalated,
    MonitoringBlind,
    DueDateMoved,
    StudentMessaged,
    ContactAsked,
    AuthorizationChanged,
    AcknowledgementAsked,
    CourseConfirmed,
    I20FileAdded,
    AuthorizationEnding,
    TaskOpened,
    TaskEscalated,
    DigestPrepared,
    ReportPrepared,
)


_ABOUT_A_REQUEST: Mapping[type[Event], NoticeKind] = {
    StudentMessaged: "message",
    ContactAsked: "contact",
    AuthorizationChanged: "changed",
    AcknowledgementAsked: "please_read",
    CourseConfirmed: "course_confirmed",
    I20FileAdded: "i20_ready",
    AuthorizationEnding: "ending",
}


@dataclass(frozen=True, slots=True)
class Watchers:
    """Recipients: `compliance` of alerts, `by_step` one more address for each step of an escalation, `office` of tasks."""

    compliance: Recipient
    by_step: Mapping[str, str]
    office: Recipient


@dataclass(frozen=True, slots=True)
class NoticePlan:
    """`subject_id` is what the notice is about: a request, an alert or `monitoring`."""

    kind: NoticeKind
    subject_id: str
    to: Recipient
    copies: tuple[Recipient, ...] = ()
    authorization_version: int | None = None


def plan_notice(event: Event, watchers: Watchers) -> NoticePlan | None:  # noqa: C901, PLR0911, PLR0912 a table, a line an event
    """None for a return that `CaseReturned` mails already (P38), for an authorization whose end the approval of its
    successor tells (X6), and for a moved date told by an older release.
    """
    match event:
        case RequestHeld(cause="return"):
            return None
        case RequestHeld():
            return NoticePlan("delay", event.key, event.recipient)
        case RequestCompleted():
            return NoticePlan("acknowledgement" if event.round == 1 else "cleared", event.key, event.recipient)
        case CaseReturned():
            return NoticePlan("returned", event.key, event.recipient)
        case CaseDenied():
            return NoticePlan("denied", event.key, event.recipient)
        case StartPushedBack():
            return NoticePlan("pushed_back", event.key, event.recipient)
        case DueDateMoved(recipient=None):
            return None
        case DueDateMoved(recipient=Recipient() as student):
            return NoticePlan("due_moved", event.key, student)
        case AuthorizationChanged(replaced_by=ChangedAuthorization()):
            return None
        case ConsultationAsked():
            return NoticePlan("consultation", event.key, event.recipient)
        case StudentReminded():
            return NoticePlan(event.what, event.key, event.recipient)
        case (
            StudentMessaged()
            | ContactAsked()
            | AuthorizationChanged()
            | AcknowledgementAsked()
            | CourseConfirmed()
            | I20FileAdded()
            | AuthorizationEnding()
        ):
            return NoticePlan(_ABOUT_A_REQUEST[type(event)], event.key, event.recipient)
        case TaskOpened():
            return NoticePlan("task", event.key, _owner_of(event, watchers))
        case TaskEscalated():
            owner = _owner_of(event, watchers)
            copies = () if owner == watchers.office else (watchers.office,)
            return NoticePlan("task", event.key, owner, (*copies, *_of_step("director", watchers)))
        case I20Issued():
            kind: NoticeKind = "approved" if event.replaces is None else "replaced"
            return NoticePlan(kind, event.key, event.recipient, (), event.authorization_version)
        case AlertRaised():
            return _alert(event, watchers)
        case AlertEscalated():
            return NoticePlan("escalation", event.key, watchers.compliance, _of_step(event.step, watchers))
        case DigestPrepared():
            return _digest(event, watchers)
        case ReportPrepared():
            return next((NoticePlan("report", event.key, one) for one in _of_step("director", watchers)), None)
        case MonitoringBlind():
            return NoticePlan("blind", event.key, watchers.compliance)
        case _:
            raise TypeError(f"{type(event).__name__} is none of the events that notifier listens to")


def _alert(event: AlertRaised, watchers: Watchers) -> NoticePlan:
    """A replaced course is the adviser's to confirm (A24); everything else is compliance's first."""
    adviser = event.assigned_adviser
    if adviser and event.kind == "replaced" and usable_address(adviser.email):
        return NoticePlan("alert", event.key, adviser, (watchers.compliance,))
    return NoticePlan("alert", event.key, watchers.compliance, (adviser,) if adviser else ())


def _digest(event: DigestPrepared, watchers: Watchers) -> NoticePlan | None:
    """None for a director without an address in the settings, and for an adviser who cannot be written to."""
    if event.audience == "compliance":
        return NoticePlan("digest", event.key, watchers.compliance)
    if event.audience == "director":
        return next((NoticePlan("digest", event.key, one) for one in _of_step("director", watchers)), None)
    if event.to is None or not usable_address(event.to.email):
        return None
    return NoticePlan("digest", event.key, Recipient(name=event.to.name or event.to.sub, email=event.to.email))


def _owner_of(event: TaskOpened | TaskEscalated, watchers: Watchers) -> Recipient:
    """Whoever cannot be written to leaves it to the office: a task is never told to nobody."""
    return event.owner if event.owner and usable_address(event.owner.email) else watchers.office


def _of_step(step: str, watchers: Watchers) -> tuple[Recipient, ...]:
    address = watchers.by_step.get(step)
    return (Recipient(name="", email=address),) if address else ()

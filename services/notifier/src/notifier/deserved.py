"""Which notice an event deserves, and for whom (design §8; no mail leaves on an approval without an I-20: case 61)."""

from collections.abc import Mapping
from dataclasses import dataclass

from cpt.contracts.alerts import AlertEscalated, AlertRaised, MonitoringBlind
from cpt.contracts.event import Event
from cpt.contracts.intake import DueDateMoved, RequestCompleted, RequestHeld
from cpt.contracts.notifier import NoticeKind
from cpt.contracts.review import CaseDenied, CaseReturned, I20Issued, StartPushedBack
from cpt.contracts.staff import AcknowledgementAsked, AuthorizationChanged, ContactAsked, StudentMessaged
from cpt.contracts.values import Recipient

EVENTS: tuple[type[Event], ...] = (
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
)


_BESIDE: Mapping[type[Event], NoticeKind] = {
    StudentMessaged: "message",
    ContactAsked: "contact",
    AuthorizationChanged: "changed",
    AcknowledgementAsked: "please_read",
}


@dataclass(frozen=True, slots=True)
class Watchers:
    """Who hears of alerts: the compliance queue, and by step of an escalation someone more."""

    compliance: Recipient
    by_step: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Deserved:
    """`subject_id` is what the notice is about: a request, an alert or `monitoring`."""

    kind: NoticeKind
    subject_id: str
    to: Recipient
    copies: tuple[Recipient, ...] = ()
    authorization_version: int | None = None


def deserved(event: Event, watchers: Watchers) -> Deserved | None:  # noqa: C901, PLR0911, PLR0912 a table, a line an event
    """None for a return that `CaseReturned` mails already (P38), and for a moved date told by an older release."""
    match event:
        case RequestHeld(cause="return"):
            return None
        case RequestHeld():
            return Deserved("delay", event.key, event.recipient)
        case RequestCompleted():
            return Deserved("acknowledgement" if event.round == 1 else "cleared", event.key, event.recipient)
        case CaseReturned():
            return Deserved("returned", event.key, event.recipient)
        case CaseDenied():
            return Deserved("denied", event.key, event.recipient)
        case StartPushedBack():
            return Deserved("pushed_back", event.key, event.recipient)
        case DueDateMoved(recipient=None):
            return None
        case DueDateMoved(recipient=Recipient() as student):
            return Deserved("due_moved", event.key, student)
        case StudentMessaged() | ContactAsked() | AuthorizationChanged() | AcknowledgementAsked():
            return Deserved(_BESIDE[type(event)], event.key, event.recipient)
        case I20Issued():
            kind: NoticeKind = "approved" if event.replaces is None else "replaced"
            return Deserved(kind, event.key, event.recipient, (), event.authorization_version)
        case AlertRaised():
            copies = (event.assigned_adviser,) if event.assigned_adviser else ()
            return Deserved("alert", event.key, watchers.compliance, copies)
        case AlertEscalated():
            return Deserved("escalation", event.key, watchers.compliance, _of_step(event.step, watchers))
        case MonitoringBlind():
            return Deserved("blind", event.key, watchers.compliance)
        case _:
            raise TypeError(f"{type(event).__name__} is none of the events that notifier listens to")


def _of_step(step: str, watchers: Watchers) -> tuple[Recipient, ...]:
    address = watchers.by_step.get(step)
    return (Recipient(name="", email=address),) if address else ()

"""Reserve the notice an event deserves, in the transaction that consumes the event (docs/architecture.md)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cpt.campus.office_texts import TEXTS, filled, paragraphs_of, text_of_mail
from cpt.campus.signed_codes import code_of
from cpt.contracts.alerts import AlertRaised, MonitoringBlind
from cpt.contracts.envelope import Envelope
from cpt.contracts.event import Event, RequestEvent
from cpt.contracts.intake import ConsultationAsked, RequestCompleted
from cpt.contracts.notifier import NoticeFailed, NoticeKind
from cpt.contracts.review import I20Issued
from cpt.contracts.staff import DigestPrepared
from cpt.messaging import append
from cpt.postgres import Connection
from notifier import store
from notifier.compose_mail import SenderIdentity, compose_mail, message_id_of
from notifier.domain import NO_ADDRESS, cleaned, paragraphs, usable_address
from notifier.mail_renderer import MailRenderer, RenderedMail
from notifier.notice_rules import NoticePlan, Watchers, plan_notice

WRITTEN = ("text", "reason", "comment")
"""Fields that hold what a person wrote, line by line."""
NOTICE_IDS = uuid.UUID("6f1c8d52-7b0e-4f7e-9a51-2f6f6a3f0c11")


@dataclass(frozen=True, slots=True)
class NoticeContext:
    """Everything that writing a notice takes; `intake` and `review` are the outer addresses mails point to."""

    renderer: MailRenderer
    sender: SenderIdentity
    watchers: Watchers
    intake: str
    review: str
    consultation_key: str = ""


async def reserve_notice(
    connection: Connection, envelope: Envelope[Event], context: NoticeContext, *, now: datetime
) -> None:
    """Nothing happens the second time: one notice for each event and recipient, one approval for each I-20 (case 61).

    The mail is written here, once, so that no later release or setting changes what a further attempt sends.
    """
    notice = plan_notice(envelope.event, context.watchers)
    if notice is None:
        return
    address = usable_address(notice.to.email)
    texts = await store.office_texts(connection, "mail.greeting", "mail.contact", text_of_mail(notice.kind))
    notice_id = str(uuid.uuid5(NOTICE_IDS, f"{envelope.source} {envelope.id} {address}"))
    reserved = store.Reservation(
        notice_id=notice_id,
        kind=notice.kind,
        subject_id=notice.subject_id,
        event_source=envelope.source,
        event_id=envelope.id,
        authorization_version=notice.authorization_version,
        recipient=address or "",
        copies=[copy.email for copy in notice.copies if copy.email and usable_address(copy.email)],
        message_id=message_id_of(notice_id, context.sender),
        message=_composed(notice, envelope.event, notice_id, context, texts, now),
        request_ids=_requests(envelope.event),
        emplid=_student(envelope.event),
    )
    version = await store.reserve(connection, reserved, now, failed=None if address else NO_ADDRESS)
    if version is not None and not address:
        await append(connection, _undeliverable(reserved, now), sequence=version, now=now)


def _requests(event: Event) -> list[str] | None:
    """Whose legal hold keeps the notice (case 70); None for an escalation, which names its alert alone."""
    match event:
        case RequestEvent():
            return [event.request_id]
        case AlertRaised():
            return sorted({hit.request_id for hit in event.authorizations})
        case MonitoringBlind() | DigestPrepared():
            return []
        case _:
            return None


def _student(event: Event) -> str | None:
    """Whom it concerns; notices of events that name none are told by their requests (A31)."""
    match event:
        case RequestCompleted() | I20Issued():
            return event.facts.emplid
        case AlertRaised():
            return event.emplid
        case _:
            return None


def _composed(
    notice: NoticePlan, event: Event, notice_id: str, context: NoticeContext, texts: Mapping[str, str], now: datetime
) -> bytes:
    return compose_mail(
        render_notice(notice.kind, notice.to.name, event, context, texts),
        notice_id=notice_id,
        kind=notice.kind,
        to=notice.to,
        copies=notice.copies,
        sender=context.sender,
        now=now,
    )


def render_notice(
    kind: NoticeKind, name: str, event: Event, context: NoticeContext, texts: Mapping[str, str]
) -> RenderedMail:
    """`name` is the recipient's; `texts` are those that the office has written, by their names."""
    facts = _facts(name, event, context)
    return context.renderer.write(kind, facts | _office_texts(kind, facts, texts))


def _facts(name: str, event: Event, context: NoticeContext) -> dict[str, Any]:
    return {
        "event": cleaned(event.model_dump()),
        "name": cleaned(name),
        "said": paragraphs(next((text for text in (getattr(event, name, "") for name in WRITTEN) if text), "")),
        "office": context.sender.office,
        "phone": context.sender.phone,
        "postal": context.sender.postal,
        "hours": context.sender.hours,
        "intake": context.intake.rstrip("/"),
        "review": context.review.rstrip("/"),
        "code": _code(event, context),
    }


def _code(event: Event, context: NoticeContext) -> str:
    """What only this mail holds; raises ValueError where no key signs it, so that the question waits for one."""
    if not isinstance(event, ConsultationAsked):
        return ""
    if not context.consultation_key:
        raise ValueError("CPT_CONSULTATION__KEY is needed to sign the link of a consultation")
    return code_of(context.consultation_key, event.consultation_id, event.expires_at)


def _office_texts(kind: NoticeKind, facts: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, Any]:
    """What the office says in its own words, each placeholder filled in and each paragraph cleaned."""
    values = {name: str(facts[name] or "") for name in ("name", "office", "phone", "hours")}
    values |= {"address": facts["postal"], "reference": str(facts["event"].get("reference") or "")}

    def own(name: str) -> list[str]:
        return [cleaned(one) for one in paragraphs_of(filled(name, texts.get(name), values))] if name in TEXTS else []

    return {"greeting": own("mail.greeting"), "contact": own("mail.contact"), "added": own(text_of_mail(kind))}


def _undeliverable(reserved: store.Reservation, now: datetime) -> NoticeFailed:
    return NoticeFailed(
        notice_id=reserved.notice_id,
        subject_id=reserved.subject_id,
        kind=reserved.kind,
        caused_by=reserved.event_id,
        at=now,
        reason=NO_ADDRESS,
        attempts=0,
    )

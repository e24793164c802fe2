"""Which events notifier handles: those that cause a notice, legal holds, and texts of the office."""

from cpt.contracts.envelope import Envelope
from cpt.contracts.event import Event
from cpt.contracts.staff import LegalHoldChanged, OfficeTextChanged
from cpt.messaging import Consumer
from cpt.postgres import Connection
from cpt.runtime.clock import Clock
from notifier import store
from notifier.apply_legal_hold import apply_legal_hold
from notifier.notice_rules import EVENTS
from notifier.reserve_notice import NoticeContext, reserve_notice


def build_consumer(context: NoticeContext, clock: Clock) -> Consumer:
    """`CaseApproved` causes no notice: a student is told of an approval once the I-20 exists (R54, R61, case 61)."""
    consumer = Consumer("notifier", clock)

    consumer.about(_is_own)

    async def on_event(connection: Connection, envelope: Envelope[Event]) -> None:
        await reserve_notice(connection, envelope, context, now=clock())

    consumer.register(dict.fromkeys(EVENTS, on_event))

    @consumer.on(LegalHoldChanged)
    async def on_legal_hold_changed(connection: Connection, envelope: Envelope[LegalHoldChanged]) -> None:
        await apply_legal_hold(connection, envelope.event, clock())

    @consumer.on(OfficeTextChanged)
    async def on_office_text_changed(connection: Connection, envelope: Envelope[OfficeTextChanged]) -> None:
        await store.put_office_text(connection, envelope.event)

    return consumer


async def _is_own(connection: Connection, key: str, sub: str) -> bool:
    return await store.is_about(connection, key, sub)

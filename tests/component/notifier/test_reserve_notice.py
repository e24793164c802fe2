"""A notice is reserved once, for the right person, on the right event (docs/architecture.md; P38; cases 61, 62, 65)."""

import asyncio
from contextlib import suppress
from email import message_from_bytes, policy

import pytest

from cpt.contracts.notifier import NoticeFailed
from cpt.contracts.staff import OfficeTextChanged
from cpt.contracts.values import Person, Recipient
from cpt.messaging.delivery import Delivery
from tests.component.notifier.conftest import NOW, Notifier
from tests.messages import a_record
from tests.unit.notifier.events import (
    ADVISER,
    COMPLIANCE,
    MEI,
    REQUEST,
    alerted,
    approved,
    blind,
    canceled,
    completed,
    contact_asked,
    denied,
    digest,
    due_moved,
    enveloped,
    escalated,
    held,
    issued,
    messaged,
    pushed_back,
    returned,
    shortened,
    warned,
)


@pytest.mark.parametrize(
    ("event", "kind", "recipient", "copies"),
    [
        (held(), "delay", MEI.email, []),
        (completed(), "acknowledgement", MEI.email, []),
        (completed(round=2), "cleared", MEI.email, []),
        (returned(), "returned", MEI.email, []),
        (denied(), "denied", MEI.email, []),
        (pushed_back(), "pushed_back", MEI.email, []),
        (issued(), "approved", MEI.email, []),
        (issued(authorization_version=2, replaces=1), "replaced", MEI.email, []),
        (alerted(), "alert", COMPLIANCE, [ADVISER.email]),
        (alerted(assigned_adviser=None), "alert", COMPLIANCE, []),
        (escalated(), "escalation", COMPLIANCE, []),
        (escalated(step="director"), "escalation", COMPLIANCE, ["kim@ipo.example"]),
        (blind(), "blind", COMPLIANCE, []),
        (digest(), "digest", ADVISER.email, []),
        (digest(audience="compliance", to=None), "digest", COMPLIANCE, []),
        (digest(audience="director", to=None), "digest", "kim@ipo.example", []),
        (due_moved(), "due_moved", MEI.email, []),
        (messaged(), "message", MEI.email, []),
        (contact_asked(), "contact", MEI.email, []),
        (shortened(), "changed", MEI.email, []),
        (canceled(), "changed", MEI.email, []),
        (warned(), "please_read", MEI.email, []),
    ],
)
async def test_every_event_that_deserves_a_notice_gets_one(notifier: Notifier, event, kind, recipient, copies):
    await notifier.hear(event)

    (notice,) = await notifier.notices()
    assert (notice["kind"], notice["recipient"], notice["copies"]) == (kind, recipient, copies)
    assert (notice["state"], notice["subject_id"]) == ("due", event.key)


async def test_an_approval_without_an_i20_sends_nothing(notifier: Notifier):
    """R54, R61, case 61."""
    await Delivery(notifier.consumer, notifier.database)([a_record(approved(), topic="cpt.review")])

    assert await notifier.notices() == []


async def test_a_return_is_not_mailed_twice(notifier: Notifier):
    """P38: CaseReturned mails it."""
    await notifier.hear(held(cause="return"), returned())

    assert [notice["kind"] for notice in await notifier.notices()] == ["returned"]


async def test_the_same_event_twice_reserves_one_notice(notifier: Notifier):
    """The inbox forgets after a time; the reservation does not."""
    await notifier.hear(completed(), event_id="e1")
    await notifier.hear(completed(), event_id="e1")

    assert len(await notifier.notices()) == 1


async def test_the_same_event_in_two_workers_at_once_reserves_one_notice(notifier: Notifier):
    await asyncio.gather(*(notifier.hear(issued(), event_id="e1") for _ in range(5)))

    assert len(await notifier.notices()) == 1


async def test_one_issued_i20_told_in_two_events_reserves_one_approval(notifier: Notifier):
    """R61, case 61: the authorization version counts, not the event."""
    elsewhere = Recipient(name="Mei Li", email="mei@home.example")
    await notifier.hear(issued(), event_id="e1")
    await notifier.hear(issued(recipient=elsewhere), event_id="e2")

    assert [notice["authorization_version"] for notice in await notifier.notices()] == [1]


async def test_a_reissued_i20_reserves_a_second_email_that_replaces_the_first(notifier: Notifier):
    """Case 65."""
    await notifier.hear(issued(), issued(authorization_version=2, replaces=1))

    assert [notice["kind"] for notice in await notifier.notices()] == ["approved", "replaced"]


@pytest.mark.parametrize("address", [None, "", "nobody", "a@b.example\r\nBcc: all@b.example", "meï@b.example"])
async def test_without_a_usable_address_the_notice_fails_at_once_and_says_so(notifier: Notifier, address):
    """Case 62: staff see it and use another channel."""
    await notifier.hear(issued(recipient=Recipient(name="Mei Li", email=address)))

    (failed,) = await notifier.published()
    assert isinstance(failed, NoticeFailed)
    assert (failed.subject_id, failed.kind, failed.caused_by, failed.attempts) == (REQUEST, "approved", "event-1", 0)
    assert "No usable email address" in failed.reason
    assert await notifier.states() == ["failed"]


async def test_a_notice_without_an_address_fails_once(notifier: Notifier, nobody):
    await notifier.hear(issued(recipient=nobody), event_id="e1")
    await notifier.hear(issued(recipient=nobody), event_id="e1")

    assert len(await notifier.published()) == 1


async def test_nothing_is_reserved_when_the_consuming_transaction_fails(notifier: Notifier):
    with suppress(RuntimeError):
        async with notifier.database.transaction() as connection:
            await notifier.consumer.handle(connection, [enveloped(issued())])
            raise RuntimeError

    assert await notifier.notices() == []


async def test_the_record_of_what_happened_cannot_be_changed(notifier: Notifier):
    await notifier.hear(issued())

    async with notifier.database.connection() as connection:
        assert await connection.fetchval("SELECT action FROM audit") == "notice_reserved"
        with pytest.raises(Exception, match="permission denied"):
            await connection.execute("DELETE FROM audit")


def office_text(text, version=1, name="mail.approved"):
    writer = Person(sub="director-1", name="Kim Lee", email=None)
    return OfficeTextChanged(about=name, version=version, text=text, changed_by=writer, at=NOW)


def parts_of(notice):
    mail = message_from_bytes(notice["message"], policy=policy.default)
    return [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]


async def test_a_mail_says_what_the_office_wrote_escaped_and_filled_in(notifier: Notifier):
    """Case 63: in both parts, for the kind it was written for; what waits already keeps its bytes."""
    await notifier.hear(issued())
    await notifier.hear(office_text("See {name} <i>Tuesday</i>: {reference}.\n\nhttps://isss.example/next"))
    await notifier.hear(office_text("Hello {name}!", name="mail.greeting"), office_text("Room 70", name="mail.contact"))
    await notifier.hear(issued(authorization_version=2, replaces=1), issued(request_id="request-2"))
    before, replaced, after = map(parts_of, await notifier.notices())

    assert "Tuesday" not in before[0] + before[1] + replaced[0] + replaced[1]
    assert f"Hello {MEI.name}!" in " ".join(replaced[0].split())
    assert f"See {MEI.name} <i>Tuesday</i>" in " ".join(after[0].split())
    assert "&lt;i&gt;Tuesday&lt;/i&gt;" in after[1]
    assert '<a href="https://isss.example/next"' in after[1]
    assert all("Room 70" in part for part in after)


async def test_an_older_text_never_replaces_a_newer_one_and_an_empty_one_is_the_default(notifier: Notifier):
    """P1: events may come in any order."""
    await notifier.hear(office_text("Second", version=2))
    await notifier.hear(office_text("First", version=1))
    await notifier.hear(issued())
    await notifier.hear(office_text("", version=3))
    await notifier.hear(issued(request_id="request-2"))
    first, then = [parts_of(notice)[0] for notice in await notifier.notices()]

    assert "Second" in first
    assert "Second" not in then
    assert f"Dear {MEI.name}," in then


async def test_staff_mails_say_nothing_of_the_office_to_students(notifier: Notifier):
    await notifier.hear(office_text("Hello {name}!", name="mail.greeting"), office_text("Room 70", name="mail.contact"))
    await notifier.hear(alerted())
    ((text, html),) = map(parts_of, await notifier.notices())

    assert "Hello" not in text + html
    assert "Room 70" not in text + html

"""A message of Handshake that cannot be read: the office is told for each of the student's requests (P29)."""

import json

from cpt.contracts.campus import AgreementChanged
from cpt.contracts.intake import AgreementLost, AgreementsReadable, AgreementsUnreadable
from cpt.messaging import parking, replay
from cpt.messaging.delivery import Delivery
from intake.campus.record_blind_spot import see_again
from tests.campus_events import as_record
from tests.component.intake import happened
from tests.component.intake.conftest import STUDENT, an_agreement


def a_message(event_id, *, status="approved", **fields):
    """As Handshake sends it, whatever the status."""
    data = json.loads(an_agreement(**fields).model_dump_json()) | {"status": status}
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": AgreementChanged.SOURCE,
        "type": AgreementChanged.TYPE,
        "time": "2026-08-24T13:00:00Z",
        "subject": STUDENT,
        "data": data,
    }


async def deliver(intake, *events, first=0):
    for offset, event in enumerate(events, first):
        await Delivery(intake.consumer, intake.database)([as_record(event, "campus.agreement", STUDENT, offset)])


async def test_an_unreadable_message_of_handshake_is_told_for_every_request_of_the_student(intake):
    """P29: with what could not be read, also for a request that comes later; and that it can be read again."""
    first = await intake.complete()
    await deliver(intake, a_message("odd", version=2, status="half approved"))
    second = await intake.submit(employer="Quabbin Optics LLC")

    told = await intake.published(AgreementsUnreadable)
    assert [one.request_id for one in told] == [first, second]
    assert all(one.unread[0].startswith("data.status: ") for one in told)
    assert await see_again(intake.database, intake.now) == 0

    (parked,) = await parking.list_parked(intake.database, "intake")
    await replay.discard(intake.database, intake.consumer, parked["id"], "operations", "not a status")
    assert await see_again(intake.database, intake.now) == 1
    assert [one.request_id for one in await intake.published(AgreementsReadable)] == [first, second]
    assert await see_again(intake.database, intake.now) == 0


async def test_more_that_is_unreadable_is_told_again_and_what_merely_waits_is_not(intake):
    """P29, P33: a copy that comes again is told once."""
    await intake.complete()
    odd = a_message("odd", version=2, status="half approved")
    await deliver(intake, odd, a_message("fine", version=3))
    await deliver(intake, odd)

    assert len(await intake.published(AgreementsUnreadable)) == 1


async def test_an_agreement_that_is_withdrawn_behind_an_unreadable_message_is_told_at_once(intake):
    """P23, P29: a later event that can be read and shows a loss counts although it waits, and is told once."""
    request_id = await intake.complete()
    await intake.hear(happened.issued(await intake.request(request_id)))

    await deliver(
        intake,
        a_message("odd", version=2, status="half approved"),
        a_message("gone", version=3, status="withdrawn"),
    )
    assert [one.verdict for one in await intake.published(AgreementLost)] == ["withdrawn"]

    (parked,) = await parking.list_parked(intake.database, "intake")
    await replay.discard(intake.database, intake.consumer, parked["id"], "operations", "not a status")
    assert await parking.list_parked(intake.database, "intake") == []
    assert len(await intake.published(AgreementLost)) == 1


async def test_a_message_that_waits_completes_nothing_before_its_turn(intake):
    """P29, P33: before issuance a parked message holds what comes behind it."""
    request_id = await intake.with_papers()

    await deliver(intake, a_message("odd", version=1, status="half approved"), a_message("fine", version=2))

    assert await intake.missing(request_id) == {"agreement.missing"}

"""A message of the registrar that cannot be read: the student's case says so, and nothing is lost behind it (P29)."""

import pytest
from pydantic import SecretStr

from cpt.contracts.enrollment import StudentMonitoringBlind, StudentMonitoringRestored
from cpt.messaging import parking, replay
from cpt.messaging.delivery import Delivery
from cpt.postgres import Database, PostgresSettings
from enrollment_sync.changes.publish_blind import publish_restored
from tests.campus_events import as_record
from tests.component.enrollment_sync.test_http import a_cloud_event
from tests.component.enrollment_sync.told import a_row


def an_event(event_id, seq, **state):
    event = a_cloud_event()
    event["id"] = event_id
    event["data"] |= {"source_seq": seq, "effective_dt": "2026-09-20"}
    event["data"]["current"] = event["data"]["current"] | state
    return event


async def deliver(sync, *events):
    for offset, event in enumerate(events):
        await Delivery(sync.consumer, sync.database)([as_record(event, "campus.enrollment", "30012345", offset)])


@pytest.fixture
async def operated(roles):
    """As web, where operators decide."""
    async with Database(PostgresSettings(dsn=SecretStr(roles["web"])), "enrollment_sync", "tests") as database:
        yield database


async def test_a_later_loss_is_suspected_though_it_waits_behind_what_cannot_be_read(sync, operated):
    """P29: said once with the code that is not known; the loss stands when the waiting message runs, and is told once."""
    await sync.shows(a_row())
    await sync.issue()

    await deliver(sync, an_event("unknown", 20, status="X"), an_event("drop", 21, status="D", reason="DROP"))

    (blind,) = await sync.published(StudentMonitoringBlind)
    assert "unknown status 'X'" in blind.unread[0]
    assert [loss.evidence for loss in await sync.losses()] == ["drop"]
    assert await publish_restored(sync.database, sync.now) == 0

    (first,) = await parking.list_parked(sync.database, "enrollment-sync")
    await replay.discard(operated, sync.consumer, first["id"], "operations", "an unknown code")
    await sync.shows(a_row(seq=21, status="D", reason="DROP"))
    await publish_restored(sync.database, sync.now)
    await sync.check()

    assert len(await sync.published(StudentMonitoringRestored)) == 1
    assert len(await sync.losses()) == 1
    assert await sync.regains() == []


async def test_a_drop_that_waits_is_suspected_also_while_nobody_has_named_the_course(sync):
    """P29, A23: with SPIRE away no read tells of it; it may be the course, so a DSO looks."""
    other = dict(catalog_nbr=" 696")
    await sync.shows(a_row(), a_row("51111", **other))
    await sync.issue(courses=())
    await sync.faulty("down")

    await deliver(sync, an_event("unknown", 20, status="X"), an_event("drop", 21, status="D", reason="DROP"))

    assert [(loss.evidence, loss.unnamed) for loss in await sync.losses()] == [("drop", True)]

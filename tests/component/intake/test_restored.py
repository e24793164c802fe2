"""After a restore from a backup that is older than what was told (P39)."""

from cpt.contracts.intake import RequestCompleted, RequestStatusChanged, RequestSubmitted
from intake.line.publish_statuses import publish_statuses
from intake.line.restore_line import restore_line
from tests.component.intake.conftest import an_agreement


async def restored(intake, number, rounds, facts):
    async with intake.database.transaction() as connection:
        return await restore_line(connection, number, rounds, facts, "terminal:kim@pod", intake.now)


async def test_the_next_completion_has_a_number_and_a_round_above_everything_told(intake):
    """P39, P2: a higher round voids what the line holds of this request from before."""
    request_id = await intake.with_papers()

    done = await restored(intake, 20, {request_id: 3, "gone": 1}, {request_id: 1, "gone": 1})
    assert (done.last, done.behind, done.unknown) == (20, [request_id], ["gone"])
    async with intake.database.connection() as connection:
        (kept,) = await connection.fetch("SELECT actor, detail FROM audit WHERE action = 'line_restored'")
    assert (kept["actor"], kept["detail"]) == ("terminal:kim@pod", {"highest_told": 20, "behind": 1})
    await intake.hear(an_agreement())

    (told,) = await intake.published(RequestCompleted)
    assert (told.receipt_number, told.round) == (21, 4)


async def test_a_correction_after_a_restore_has_facts_above_every_version_told(intake):
    """P4: a check counts only for the version it was read with."""
    request_id = await intake.with_papers()
    await restored(intake, 0, {}, {request_id: 7})
    await intake.correct(request_id, end_date="2026-12-04")

    assert (await intake.published(RequestSubmitted))[-1].facts.facts_version == 8


async def test_a_request_that_is_as_far_as_it_was_told_stays_as_it_is(intake):
    """P39: nothing is ever lowered, and a second run changes nothing."""
    request_id = await intake.complete()
    before = await intake.request(request_id)

    done = await restored(intake, 1, {request_id: 1}, {request_id: before.facts_version})
    assert (done.last, done.behind, done.unknown) == (1, [], [])
    assert await intake.request(request_id) == before


async def test_requests_that_wait_are_told_of_once_more_and_no_other(intake, monkeypatch):
    """R45: staff find them by the search also when they have not changed since an upgrade; batch after batch."""
    monkeypatch.setattr("intake.line.publish_statuses._AT_ONCE", 2)
    waiting = {await intake.submit(sub) for sub in ("31", "32", "33")}
    await intake.complete()
    async with intake.database.transaction() as connection:
        await connection.execute("DELETE FROM outbox")
        before = dict(await connection.fetch("SELECT request_id, version FROM request"))
    told = await publish_statuses(intake.database, intake.now)
    async with intake.database.connection() as connection:
        after = dict(await connection.fetch("SELECT request_id, version FROM request"))

    assert told == 3
    assert {event.request_id for event in await intake.published(RequestStatusChanged)} == waiting
    assert {name for name in after if after[name] > before[name]} == waiting

"""Snapshots that prove something, and those that prove nothing (P19, P30, R33)."""

from datetime import timedelta

import pytest

from cpt.contracts.enrollment import MonitoringAlive
from enrollment_sync.monitoring.send_heartbeat import HeartbeatLimits, send_heartbeat
from enrollment_sync.snapshots.reconcile_snapshot import ask_for_run
from enrollment_sync.store import sql
from tests.component.enrollment_sync.told import START, a_row, changed, submitted

PATIENCE = HeartbeatLimits(timedelta(hours=6), timedelta(hours=1), lag_limit=5000)


async def watched(sync, *rows):
    await sync.shows(*rows)
    await sync.hear(submitted())
    await sync.check()
    await sync.after(minutes=16)
    await sync.empty()


async def test_a_snapshot_that_agrees_makes_nothing_due(sync):
    await watched(sync, a_row())

    run = await sync.reconcile()

    assert (run["outcome"], run["differences"]) == ("compared", 0)


async def test_a_snapshot_counts_its_withdrawals_with_its_rows(sync):
    """P19: `row_count` is of every line between the first and the last (docs/api/spire.openapi.json)."""
    left = {"strm": "1267", "withdraw_code": "WDR", "effective_dt": "2026-10-01", "source_seq": 88200}
    await watched(sync, a_row(), left)

    run = await sync.reconcile()

    assert (run["outcome"], run["differences"]) == ("compared", 0)


async def test_a_difference_changes_no_row_and_makes_a_check_due(sync):
    """P19."""
    await watched(sync, a_row(), a_row("51111", units="3.00"))
    await sync.shows(a_row())
    async with sync.database.transaction() as connection:
        await ask_for_run(connection, "1267", "tests", sync.now)

    while await sync.snapshots.step():
        pass

    assert len(await sync.rows("SELECT 1 FROM enrollment_row")) == 2
    assert [row["why"] for row in await sync.rows("SELECT why FROM due_check")] == ["reconciliation"]


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [
        ("empty_snapshot", "empty"),
        ("half_snapshot", "too_small"),
        ("truncated_snapshot", "incomplete"),
        ("down", "unreachable"),
    ],
)
async def test_a_snapshot_that_proves_nothing_changes_nothing_and_is_an_alarm(sync, mode, outcome):
    """P19, R33: an empty or partial snapshot."""
    await watched(sync, a_row(), a_row("51111"))
    await sync.reconcile()
    await sync.faulty(mode)

    run = await sync.reconcile()

    assert (run["outcome"], run["differences"]) == (outcome, None)
    assert run["reason"]
    assert await sync.alarms() == {"snapshot_refused"}
    assert await sync.rows("SELECT 1 FROM due_check") == []


async def test_a_good_snapshot_ends_the_alarm(sync):
    await watched(sync, a_row())
    await sync.faulty("empty_snapshot")
    await sync.reconcile()
    await sync.faulty("ok")

    await sync.reconcile()

    assert await sync.alarms() == set()


async def test_runs_are_scheduled_for_the_terms_of_open_watches(sync):
    await watched(sync, a_row())

    while await sync.snapshots.step():
        pass
    sync.now += timedelta(hours=2)
    while await sync.snapshots.step():
        pass

    assert await sync.rows("SELECT DISTINCT strm, asked_by FROM reconciliation_run") == [
        {"strm": "1267", "asked_by": "schedule"}
    ]
    assert len(await sync.rows("SELECT 1 FROM reconciliation_run")) == 2


async def alive(sync, lag=0):
    await send_heartbeat(sync.database, sync.now, lag, PATIENCE)
    return (await sync.published(MonitoringAlive))[-1]


async def test_a_silent_registrar_in_term_is_blindness(sync):
    """P30."""
    first = await alive(sync)
    sync.now += timedelta(hours=7)
    later = await alive(sync)

    assert first.blind_because == ()
    assert any("registrar" in reason for reason in later.blind_because)


async def test_an_event_about_whomever_is_a_sign_of_life(sync):
    """P30, case 58: also one that is dropped because nobody watches the student."""
    await alive(sync)
    sync.now += timedelta(hours=7)
    async with sync.database.transaction() as connection:
        await sync.consumer.relevant_keys["campus.enrollment"](connection, [changed().emplid])

    event = await alive(sync)

    assert event.last_registrar_event_at == START + timedelta(hours=7)
    assert not any("registrar has sent" in reason for reason in event.blind_because)


async def test_a_heartbeat_waits_for_no_batch_and_for_no_other_heartbeat(sync):
    """P30: a batch keeps what it heard until it commits, and so does another worker what it says."""
    async with sync.database.transaction() as batch:
        await sync.consumer.relevant_keys["campus.enrollment"](batch, [changed().emplid])

        said = await alive(sync)
    async with sync.database.transaction() as other:
        assert await other.fetchrow(sql.lock_monitoring, sync.now)
        sync.now += timedelta(hours=1)

        assert await alive(sync) == said


async def test_a_comparison_overdue_is_blindness(sync):
    """P30."""
    await alive(sync)
    sync.now += timedelta(hours=3)

    assert any("overdue" in reason for reason in (await alive(sync)).blind_because)


async def test_events_that_wait_are_blindness(sync):
    """docs/architecture.md: consumer lag."""
    event = await alive(sync, lag=6000)

    assert (event.lag, len(event.blind_because)) == (6000, 1)


async def test_a_silent_change_to_audit_is_a_difference(sync):
    """Case 3, P19: its event was missed, and the snapshot shows it."""
    await sync.shows(a_row())
    await sync.issue()
    await sync.shows(a_row(grading_basis="AUD"))

    await sync.reconcile()

    assert [loss.cause for loss in await sync.losses()] == ["audit"]

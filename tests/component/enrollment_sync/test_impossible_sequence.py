"""A counter from outside is not trusted without end (P17, case 85)."""

from datetime import timedelta

import pytest

from cpt.messaging import parking
from tests.component.enrollment_sync.told import a_row, added, changed, confirmation

FAR = 2**63 - 1
GONE = dict(status="D", reason="DROP", units="0.00")


async def wait_out(sync, minutes=(0, 2, 4, 6)):
    for minute in minutes:
        await sync.after(minutes=minute)


async def test_a_true_drop_below_a_forged_re_add_stays_a_suspicion(sync):
    """Case 85, P17, P25: the event of the highest sequence there is annotates, and ends nothing."""
    await sync.shows(a_row())
    await sync.issue()

    await sync.hear(added(seq=FAR), ids=["forged"])
    await sync.shows(a_row(seq=20, **GONE))
    await sync.hear(changed(seq=20))
    assert [event.confirmed_by_read for event in await sync.regains()] == [False]
    await wait_out(sync)

    assert len(await sync.losses()) == 1
    assert [event.confirmed_by_read for event in await sync.regains()] == [False]
    assert (await sync.answers())[-1].outcome == "not_met"
    assert [row["state"] for row in await sync.rows("SELECT state FROM loss")] == ["open"]
    (parked,) = await parking.list_parked(sync.database, "enrollment-sync")
    assert (parked["event_id"], parked["key"]) == ("forged", None)
    assert "sequence_impossible" in await sync.alarms()


async def test_a_loss_that_a_forged_event_hid_is_found_by_the_read(sync):
    """P17: the evaluation is made on SPIRE's own rows, and its floor counts again."""
    await sync.shows(a_row())
    await sync.issue()
    await sync.hear(added(seq=FAR))

    await sync.shows(a_row(seq=20, **GONE))
    await sync.reconcile()
    await wait_out(sync)
    assert len(await sync.losses()) == 1

    await sync.shows(a_row(seq=90))
    await sync.hear(added(seq=90))
    await sync.check()
    assert [event.confirmed_by_read for event in await sync.regains()] == [False, True]


@pytest.mark.parametrize("minutes", [(0, 2, 4), (11,)])
async def test_before_ten_minutes_and_three_reads_a_replica_is_merely_late(sync, minutes):
    """P17."""
    await sync.shows(a_row())
    await sync.issue()
    await sync.hear(added(seq=FAR), confirmation())

    await wait_out(sync, minutes)

    assert await sync.rows("SELECT 1 FROM student WHERE source_seq = $1", FAR)


async def test_a_young_event_stays_on_top_of_the_answer(sync):
    """P17: only what SPIRE has outlived is impossible."""
    await sync.shows(a_row(), a_row("51111", catalog_nbr=" 696"))
    await sync.issue()
    await sync.hear(added("51111", seq=FAR, catalog_nbr=" 696"), confirmation())
    await sync.after(minutes=0)
    sync.now += timedelta(minutes=5)
    await sync.check()
    sync.now += timedelta(minutes=6)
    await sync.hear(changed(seq=50))
    await sync.check()

    (row,) = await sync.rows("SELECT source_seq, status FROM enrollment_row WHERE class_nbr = '41234'")
    assert (row["source_seq"], row["status"]) == (50, "D")

"""What is known of a student is kept as long as the law asks, and no longer (8 CFR 214.3(g), case 70)."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from cpt.contracts.staff import LegalHoldChanged
from enrollment_sync.watches.end_watch import end_old_watches
from enrollment_sync.watches.retain_students import retain_students
from tests.component.enrollment_sync.conftest import PROFILE
from tests.component.enrollment_sync.told import START, a_row, case_withdrawn, changed, denied, issuance, submitted
from tests.unit.notifier.events import alerted

OVER = datetime(2027, 3, 1, tzinfo=UTC)  # sixty days after the fall
LATER = datetime(2032, 6, 2, 14, tzinfo=UTC)  # five years after the program's end in May 2027
OTHER = "30099999"
TABLES = (
    "student", "watch", "question", "due_check", "term_floor", "enrollment_row", "term_withdrawal", "registrar_event",
    "evaluation", "loss", "loss_hit",
)  # fmt: skip


async def left(sync):
    return {table for table in TABLES if await sync.rows(f"SELECT FROM {table} LIMIT 1")}


async def over(sync, emplid="30012345", request_id="r1", **profile):
    """A watch with a loss of which review raised an alert, long ended."""
    await sync.shows(a_row(), emplid=emplid)
    await sync.demo.put(f"/students/{emplid}", json=PROFILE | profile)
    await sync.issue(request_id, emplid=emplid)
    await sync.hear(issuance(request_id, emplid=emplid), changed(emplid=emplid))
    (loss,) = await sync.losses()
    await sync.hear(alerted(loss_id=loss.loss_id))
    await end_old_watches(sync.database, OVER)
    await sync.empty()


def hold(request_id="r1", *, held=True):
    return LegalHoldChanged(request_id=request_id, round=1, receipt_number=1, held=held, at=START)


async def retained(sync, now=LATER, **options):
    return await retain_students(sync.database, now, 5, **options)


async def test_five_years_after_the_end_of_study_nothing_is_known_of_the_student(sync):
    """8 CFR 214.3(g): at once and whole; the record names the requests and no student."""
    await over(sync)
    kept = await left(sync)

    assert kept == {"student", "watch", "question", "registrar_event", "evaluation", "loss", "loss_hit"}
    assert await retained(sync, LATER.replace(day=1, month=5)) == []
    assert await retained(sync, dry_run=True) == ["r1"]
    assert await left(sync) == kept
    assert await retained(sync) == ["r1"]
    assert await left(sync) == set()
    assert await retained(sync) == []
    (logged,) = await sync.rows("SELECT action, subject, detail FROM audit WHERE actor = 'retention'")
    assert logged == {
        "action": "student_purged",
        "subject": "r1",
        "detail": {"counted_from": "2027-05-31", "years": 5},
    }


async def test_nothing_of_another_student_is_deleted_with_it(sync):
    """8 CFR 214.3(g): each student's years are counted alone."""
    await over(sync)
    await over(sync, OTHER, "r2", program_end_date="2029-05-31")

    assert await retained(sync) == ["r1"]
    assert await left(sync) == {"student", "watch", "question", "registrar_event", "evaluation", "loss", "loss_hit"}
    assert {row["emplid"] for row in await sync.rows("SELECT emplid FROM student")} == {OTHER}
    assert await retained(sync, LATER.replace(year=2035)) == ["r2"]
    assert await left(sync) == set()


@pytest.mark.parametrize("profile", [{"program_end_date": "2028-05-31"}, {"degree_completed_on": "2028-05-31"}])
async def test_a_longer_study_is_waited_for(sync, profile):
    """8 CFR 214.3(g): after the student stops to pursue a full course."""
    await over(sync, **profile)

    assert await retained(sync) == []
    assert await retained(sync, LATER.replace(year=2033)) == ["r1"]


@pytest.mark.parametrize(
    "happened",
    [
        "UPDATE registrar_event SET received_at = $1",
        "UPDATE evaluation SET at = $1 WHERE id = (SELECT max(id) FROM evaluation)",
        "UPDATE loss SET state = 'regained', ended_at = $1",
    ],
)
async def test_a_later_event_answer_or_loss_is_counted_from(sync, administrator, happened):
    """8 CFR 214.3(g)."""
    await over(sync)
    await administrator.execute(happened, datetime(2028, 1, 15, tzinfo=UTC))

    assert await retained(sync) == []
    assert await retained(sync, LATER.replace(year=2033)) == ["r1"]


async def test_an_open_watch_keeps_all_that_is_known_of_its_student(sync):
    """P16: however old its dates are, until it has ended."""
    await sync.hear(submitted(), submitted("r2"), denied())

    assert await retained(sync) == []
    await end_old_watches(sync.database, LATER)
    assert await retained(sync) == ["r1", "r2"]


async def test_a_legal_hold_on_one_request_keeps_all_until_it_is_lifted(sync):
    """Case 70: and what it frees is kept until its years are over."""
    await over(sync)
    await sync.hear(hold())

    assert await retained(sync, dry_run=True) == []
    assert await retained(sync) == []
    await sync.hear(hold(held=False))
    assert await retained(sync, LATER.replace(year=2031)) == []
    assert await retained(sync) == ["r1"]
    logged = await sync.rows("SELECT action FROM audit WHERE action LIKE 'legal_hold%' ORDER BY id")
    assert [row["action"] for row in logged] == ["legal_hold_placed", "legal_hold_lifted"]


async def test_a_hold_may_come_before_the_request(sync):
    """P1, case 70."""
    await sync.hear(hold())
    await sync.hear(submitted(), denied())

    assert await retained(sync) == []


async def test_a_hold_that_is_being_told_is_waited_for(sync):
    """P16, case 70: its consumer has the lock of the student."""
    await sync.hear(submitted(), denied())

    async with sync.database.transaction() as consumer:
        await sync.consumer.handle(consumer, [sync.told(hold(), "hold", {})])
        assert await retained(sync) == []
    assert await retained(sync) == []


async def test_a_hold_told_while_students_are_chosen_still_counts(sync, administrator):
    """Case 70: they are looked at once more under their locks."""
    await sync.hear(submitted(), denied())
    await administrator.execute(
        """CREATE FUNCTION slowly() RETURNS bool LANGUAGE plpgsql AS $$ BEGIN
             PERFORM pg_advisory_lock(70), pg_advisory_unlock(70); RETURN true; END $$;
           ALTER TABLE student ENABLE ROW LEVEL SECURITY;
           CREATE POLICY slowly ON student USING (slowly());
           SELECT pg_advisory_lock(70)"""
    )
    step = asyncio.create_task(retained(sync))
    while not await administrator.fetchval("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted"):
        continue
    await administrator.execute("INSERT INTO legal_hold VALUES ('r1', now()); SELECT pg_advisory_unlock(70)")

    assert await step == []


async def test_a_loss_that_nobody_was_told_of_is_no_matter_of_years(sync, administrator):
    """P28, case 70: an alarm about it stands until a person has seen to it."""
    await over(sync)
    await administrator.execute("UPDATE loss SET alert_id = NULL")

    assert await retained(sync) == []


async def test_a_request_whose_end_came_before_its_beginning_is_deleted_with_its_student(sync):
    """P1, 8 CFR 214.3(g)."""
    await sync.hear(case_withdrawn())
    await sync.hear(submitted(end_date=date(2026, 12, 11)))

    assert await retained(sync) == ["r1"]
    assert await left(sync) == set()


async def test_what_is_told_later_of_a_deleted_student_is_history(sync):
    """P1: nothing parks, nothing is opened again by an end."""
    await over(sync)
    await retained(sync)

    await sync.hear(denied(), changed(seq=30), hold(), hold(held=False))

    assert await left(sync) == {"watch"}
    assert await sync.rows("SELECT FROM watch WHERE state = 'open' OR emplid IS NOT NULL") == []

"""What ends or endangers a CPT though nobody dropped its course (A32, A33, cases 72, 81, 82)."""

import pytest

from cpt.contracts.values import NamedCourse
from tests.component.enrollment_sync.conftest import PROFILE
from tests.component.enrollment_sync.told import (
    a_row,
    approved,
    changed,
    confirmation,
    issuance,
    issued,
    reported,
    submitted,
)

TRAINING = NamedCourse(strm="1267", subject="COMPSCI", catalog_nbr="698", class_nbr="41234")
LECTURES = [a_row(f"5000{n}", catalog_nbr=f" 5{n}0", units="4.00", component="LEC") for n in range(1, 4)]


def lecture(number, seq=20):
    return changed(f"5000{number}", seq, catalog_nbr=f" 5{number}0", component="LEC")


def gone(number, seq=20):
    return a_row(
        f"5000{number}", seq, catalog_nbr=f" 5{number}0", component="LEC", status="D", reason="DROP", units="0"
    )


async def told(sync):
    return [(loss.kind, loss.cause) for loss in await sync.losses()]


async def test_a_lecture_dropped_above_the_full_load_is_nothing_and_below_it_is_low(sync):
    """Case 72, A33: 9 units are left, then 5; the course the CPT rests on is untouched in both."""
    await sync.shows(a_row(), *LECTURES)
    await sync.issue(courses=(TRAINING,))

    await sync.hear(lecture(1))
    await sync.shows(a_row(), gone(1), *LECTURES[1:])
    await sync.after(minutes=20)
    assert await sync.losses() == []

    await sync.hear(lecture(2, 21))
    await sync.shows(a_row(), gone(1), gone(2, 21), LECTURES[2])
    await sync.after(minutes=20)
    await sync.reconcile()
    (loss,) = await sync.losses()
    assert (loss.kind, loss.cause, loss.course) == ("load", "below_full_load", "COMPSCI 520")
    assert (loss.units_after, loss.full_load, loss.authorizations[0].position) == (5, 9, "running")
    assert (await sync.answers())[-1].outcome == "met"


async def test_the_named_course_dropped_is_one_loss_and_none_of_the_load(sync):
    """A33, case 71."""
    await sync.shows(a_row(), *LECTURES[:2])
    await sync.issue(courses=(TRAINING,))

    await sync.hear(changed())
    await sync.shows(a_row(seq=20, status="D", reason="DROP", units="0"), *LECTURES[:2])
    await sync.after(minutes=20)

    assert await told(sync) == [("enrollment", "dropped")]


@pytest.mark.parametrize(
    ("fact", "cause"),
    [
        ({"program_end_date": "2026-11-30"}, "program_end"),
        ({"degree_completed_on": "2026-09-19"}, "degree_completed"),
        ({"acad_career": "UGRD"}, "career_changed"),
        ({"level": "doctoral"}, "level_changed"),
    ],
)
async def test_a_fact_that_ends_a_cpt_is_told_once(sync, fact, cause):
    """Case 82, A32: of kind status; no drop, and no second alert by the next read."""
    await sync.shows(a_row())
    await sync.issue(courses=(TRAINING,))

    await sync.demo.put("/students/30012345", json=PROFILE | fact)
    for _ in range(2):
        await sync.hear(confirmation())
        await sync.check()

    assert await told(sync) == [("status", cause)]


async def test_a_status_that_changes_unheard_is_read_within_a_day(sync):
    """A32, case 82: no event and no snapshot tells of a degree."""
    await sync.shows(a_row())
    await sync.issue(courses=(TRAINING,))
    await sync.after(minutes=20)

    await sync.demo.put("/students/30012345", json=PROFILE | {"degree_completed_on": "2026-09-19"})
    await sync.after(hours=24)
    assert await told(sync) == [("status", "degree_completed")]

    await sync.after(days=90)  # the last authorized day is over
    assert await sync.rows("SELECT 1 FROM due_check") == []


async def test_what_changed_between_approval_and_issuance_is_a_change(sync):
    """A32: the approval rested on the career and level of then."""
    await sync.shows(a_row())
    await sync.hear(submitted(courses=(TRAINING,)))
    await sync.check()
    await sync.hear(approved(courses=(TRAINING,)))
    await sync.demo.put("/students/30012345", json=PROFILE | {"level": "doctoral"})
    for event in (issuance(courses=(TRAINING,)), issued(courses=(TRAINING,))):
        await sync.hear(event)
        await sync.check()

    assert await told(sync) == [("status", "level_changed")]


async def test_a_fact_that_comes_back_is_told_again(sync):
    """A32: corrected in SPIRE in between, it is another fact."""
    await sync.shows(a_row())
    await sync.issue(courses=(TRAINING,))

    for career in ("UGRD", "UGRD", "GRAD", "UGRD"):
        await sync.demo.put("/students/30012345", json=PROFILE | {"acad_career": career})
        await sync.hear(confirmation())
        await sync.check()

    assert await told(sync) == [("status", "career_changed")] * 2


async def test_who_reports_to_have_left_the_course_is_suspected_and_checked(sync):
    """Case 81: told once; a read that still shows the course ends nothing of it, for review asks after the window."""
    await sync.shows(a_row())
    await sync.issue(courses=(TRAINING,))

    await sync.hear(reported("will_not_start"))
    assert await sync.losses() == []
    await sync.hear(reported())
    await sync.hear(reported())
    assert await sync.rows("SELECT 1 FROM due_check WHERE why = 'reported'")
    await sync.check()

    (loss,) = await sync.losses()
    assert (loss.cause, loss.course, loss.actor, str(loss.effective_on)) == (
        "reported",
        "COMPSCI 698",
        "student",
        "2026-09-18",
    )
    assert await sync.regains() == []


async def test_a_load_that_falls_while_a_suspicion_is_open_is_told_when_that_is_over(sync):
    """A33, case 72: a lecture dropped beside the named course, which is then back."""
    await sync.shows(a_row(), *LECTURES[:2])
    await sync.issue(courses=(TRAINING,))

    await sync.hear(changed(), lecture(1, 21))
    await sync.shows(a_row(seq=20, status="D", reason="DROP", units="0"), gone(1, 21), LECTURES[1])
    await sync.after(minutes=20)
    assert await told(sync) == [("enrollment", "dropped")]

    await sync.shows(a_row(seq=22), gone(1, 21), LECTURES[1])
    await sync.reconcile()
    await sync.reconcile()
    losses = await sync.losses()
    assert [(loss.kind, loss.course) for loss in losses] == [("enrollment", "COMPSCI 698"), ("load", "COMPSCI 510")]


@pytest.mark.parametrize("left", [[], [LECTURES[0] | {"units": "3.00"}]], ids=["vanished", "units"])
async def test_a_load_that_falls_without_a_dropped_row_is_told(sync, left):
    """A33, case 10: the row is gone, or has fewer units; an older drop of the term is not its cause."""
    await sync.shows(a_row(), LECTURES[0], gone(2, 9), LECTURES[2])
    await sync.issue(courses=(TRAINING,))

    await sync.shows(a_row(), gone(2, 9), LECTURES[2], *left)
    await sync.reconcile()

    (loss,) = await sync.losses()
    assert (loss.kind, loss.course, str(loss.effective_on)) == ("load", None, "2026-09-20")

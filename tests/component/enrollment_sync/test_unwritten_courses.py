"""What follows from the named course though no case says it: sections, two terms, two CPTs, lists, labs (A23 to A25)."""

from datetime import date

from cpt.contracts.enrollment import QualifyingCourseReplaced
from cpt.contracts.values import NamedCourse, Segment
from tests.component.enrollment_sync.told import (
    FALL,
    a_row,
    added,
    changed,
    course_confirmed,
    imported,
    issued,
    session_withdrawn,
    submitted,
    term_withdrawn,
)

TRAINING = NamedCourse(strm="1267", subject="COMPSCI", catalog_nbr="698", class_nbr="41234")
ANY_SECTION = TRAINING.model_copy(update={"class_nbr": None})
OTHER = NamedCourse(strm="1267", subject="COMPSCI", catalog_nbr="696", class_nbr="51111")
SUMMER = NamedCourse(strm="1265", subject="COMPSCI", catalog_nbr="698", class_nbr="41234")
LECTURES = tuple(a_row(f"5000{n}", catalog_nbr=f" 5{n}0", units="3.00", component="LEC") for n in range(1, 4))
OTHER_ROW = dict(catalog_nbr=" 696")


async def watched(sync, *rows, **fields):
    await sync.shows(a_row(), *LECTURES, *rows)
    await sync.issue(**(dict(courses=(TRAINING,)) | fields))


async def told(sync):
    """Losses and replacements, as (class, kind) in the order they were told."""
    kinds = await sync.published()
    losses = [(e.class_nbr, e.cause) for e in kinds if type(e).__name__ == "RequirementLost"]
    return losses + [(e.replaced.class_nbr, "replaced") for e in kinds if isinstance(e, QualifyingCourseReplaced)]


async def test_a_course_named_without_a_section_goes_on_in_any_of_them(sync):
    """A24: it is watched in whichever section the student sits."""
    await watched(sync, courses=(ANY_SECTION,))
    await sync.hear(changed(act="7"), added("41235", act="7"))
    await sync.after(minutes=20)
    assert await told(sync) == []
    await sync.hear(changed("41235", seq=30))
    assert await told(sync) == [("41235", "dropped")]


async def test_of_two_sections_of_a_course_named_without_one_the_last_is_the_loss(sync):
    """A24."""
    await watched(sync, a_row("41235"), courses=(ANY_SECTION,))
    await sync.hear(changed())
    assert await told(sync) == []
    await sync.hear(changed("41235", seq=30))
    assert await told(sync) == [("41235", "dropped")]


async def test_a_section_change_in_two_steps_within_the_window(sync):
    """A24, P25: a suspicion that a read ends, and the watch follows."""
    await watched(sync)
    await sync.hear(changed(act="7"))
    assert await told(sync) == [("41234", "dropped")]
    await sync.hear(added("41235", seq=21, act="8"))
    await sync.shows(a_row(seq=20, status="D", reason="DROP", units="0"), a_row("41235", seq=21), *LECTURES)
    await sync.after(minutes=5)
    regains = await sync.regains()
    assert regains[-1].confirmed_by_read
    await sync.hear(changed("41235", seq=40))
    assert (await told(sync))[1:] == [("41235", "dropped")]


async def test_a_section_change_that_only_a_read_shows(sync):
    """A24, P19."""
    await watched(sync)
    await sync.shows(
        a_row(seq=20, status="D", reason="DROP", units="0", effective_dt="2026-09-20"),
        a_row("41235", seq=21, effective_dt="2026-09-20"), *LECTURES,
    )  # fmt: skip
    await sync.reconcile()
    assert await told(sync) == []


async def test_a_section_a_day_later_is_a_loss(sync):
    """A24: not in the same act."""
    await watched(sync)
    await sync.hear(changed())
    await sync.after(days=1)
    await sync.hear(added("41235", seq=21))
    await sync.after(minutes=1)
    assert await told(sync) == [("41234", "dropped")]


async def two_terms(sync):
    segments = (Segment(strm="1265", start_date=date(2026, 8, 3), end_date=date(2026, 8, 21)), FALL)
    fields = dict(courses=(SUMMER, TRAINING), start_date=date(2026, 8, 3), end_date=date(2026, 12, 11))
    await sync.shows(a_row(strm="1265"), a_row(), *LECTURES)
    await sync.hear(submitted(**fields))
    await sync.check()
    await sync.hear(issued(segments=segments, **fields))
    await sync.check()
    await sync.empty()


async def test_two_named_courses_in_two_terms_are_lost_apart(sync):
    """A23, A25."""
    await two_terms(sync)
    await sync.hear(changed(seq=20))
    (loss,) = await sync.losses()
    assert (loss.strm, loss.authorizations[0].position) == ("1267", "running")
    await sync.hear(changed(seq=21, strm="1265", effective_dt="2026-08-10"))
    assert [loss.strm for loss in await sync.losses()] == ["1267", "1265"]


async def test_the_course_of_one_term_carries_no_other(sync):
    """The same class number in summer."""
    await two_terms(sync)
    await sync.hear(term_withdrawn(strm="1265"))
    assert [loss.strm for loss in await sync.losses()] == ["1265"]


async def test_each_of_two_named_in_one_term_is_one_that_the_cpt_rests_on(sync):
    """A24: the other one was there all along, so it replaces nothing."""
    await watched(sync, a_row("51111", **OTHER_ROW), courses=(TRAINING, OTHER))

    await sync.hear(changed())
    await sync.shows(a_row(seq=20, status="D", reason="DROP", units="0"), a_row("51111", **OTHER_ROW), *LECTURES)
    await sync.after(minutes=20)
    assert await told(sync) == [("41234", "dropped")]
    assert await sync.regains() == []

    await sync.hear(changed("51111", seq=60, **OTHER_ROW))
    assert await told(sync) == [("41234", "dropped"), ("51111", "dropped")]

    await sync.hear(added(seq=61), added("51111", seq=62, **OTHER_ROW))
    await sync.shows(a_row(seq=61), a_row("51111", seq=62, **OTHER_ROW), *LECTURES)
    await sync.after(minutes=1)
    assert {one.loss_id for one in await sync.regains() if one.confirmed_by_read} == {
        loss.loss_id for loss in await sync.losses()
    }


async def test_a_second_named_course_that_was_never_there_keeps_no_loss_open(sync):
    """A24, P25."""
    await watched(sync, courses=(TRAINING, OTHER))
    await sync.hear(changed())
    await sync.hear(added(seq=61))
    await sync.shows(a_row(seq=61), *LECTURES)
    await sync.after(minutes=1)
    assert [one.confirmed_by_read for one in await sync.regains()] == [False, True]
    assert await told(sync) == [("41234", "dropped")]


async def test_one_of_two_named_that_comes_back_ends_its_loss(sync):
    """A24, P25."""
    await watched(sync, a_row("51111", **OTHER_ROW), courses=(TRAINING, OTHER))
    await sync.hear(changed())
    await sync.hear(added(seq=61))
    await sync.shows(a_row(seq=61), a_row("51111", **OTHER_ROW), *LECTURES)
    await sync.after(minutes=1)
    assert [one.confirmed_by_read for one in await sync.regains()] == [False, True]


async def test_a_named_course_that_goes_to_the_wait_list_is_lost(sync):
    """R32: a place on the list is no place."""
    await watched(sync)
    await sync.hear(changed(status="W", reason="WAIT", units="1.00", action="W"))
    assert len(await sync.losses()) == 1


async def test_a_cross_listed_course_takes_the_place_as_another_course(sync):
    """A24: under another subject it is another course, for a DSO to confirm."""
    await watched(sync)
    await sync.hear(changed(act="7"), added("61111", act="7", subject="INFO", catalog_nbr=" 698"))
    assert await told(sync) == [("41234", "replaced")]


async def test_a_withdrawal_that_is_taken_back_ends_by_a_read(sync):
    """P18, P25."""
    await watched(sync)
    await sync.hear(term_withdrawn())
    await sync.hear(term_withdrawn(seq=21, code="NWD"))
    taken_back = dict(strm="1267", withdraw_code="NWD", effective_dt="2026-09-20", source_seq=21)
    await sync.shows(a_row(), *LECTURES, taken_back)
    await sync.after(minutes=1)
    assert [one.confirmed_by_read for one in await sync.regains()] == [False, True]
    assert len(await sync.losses()) == 1


async def test_a_session_withdrawal_then_a_term_withdrawal_is_one_loss(sync):
    """P25, case 75."""
    await watched(sync)
    await sync.hear(session_withdrawn())
    await sync.hear(term_withdrawn(seq=21))
    assert await told(sync) == [("41234", "session_withdrawn")]


async def test_a_drop_dated_ahead_is_judged_over_the_days_until_then(sync):
    """A25: the span touches authorized days in either order."""
    await watched(sync)
    await sync.hear(changed(effective_dt="2026-12-14"))
    (loss,) = await sync.losses()
    assert loss.authorizations[0].position == "running"


async def test_swap_and_swap_back_before_anybody_confirmed(sync):
    """A24, P25: no loss at any time."""
    await watched(sync)
    await sync.hear(changed(act="7"), added("51111", act="7", **OTHER_ROW))
    await sync.hear(changed("51111", seq=30, act="8", **OTHER_ROW), added(seq=31, act="8"))
    await sync.shows(
        a_row(seq=31), a_row("51111", seq=30, status="D", reason="DROP", units="0", **OTHER_ROW), *LECTURES
    )
    await sync.after(minutes=20)
    assert await told(sync) == [("41234", "replaced")]
    assert [one.confirmed_by_read for one in await sync.regains()][-1]


async def test_each_of_two_cpts_rests_on_its_own_course(sync):
    """P25, A23."""
    await sync.shows(a_row(), a_row("51111", **OTHER_ROW), *LECTURES)
    await sync.issue("r1", courses=(TRAINING,))
    await sync.issue("r2", courses=(OTHER,))
    await sync.hear(changed())
    (loss,) = await sync.losses()
    assert [one.request_id for one in loss.authorizations] == ["r1"]
    await sync.hear(changed("51111", seq=22, **OTHER_ROW))
    assert [[one.request_id for one in loss.authorizations] for loss in await sync.losses()] == [["r1"], ["r2"]]


async def test_the_course_of_another_cpt_replaces_nothing(sync):
    """It was there all along."""
    await sync.shows(a_row(), a_row("51111", **OTHER_ROW), *LECTURES)
    await sync.issue("r1", courses=(TRAINING,))
    await sync.issue("r2", courses=(OTHER,))
    await sync.hear(changed(act="7"))
    assert await told(sync) == [("41234", "dropped")]


async def test_an_import_without_a_course_rests_on_the_only_training(sync):
    """A23: the only class that looks like training is supposed."""
    await sync.shows(a_row(), *LECTURES)
    await sync.hear(imported(courses=()))
    await sync.check()
    await sync.hear(changed("50001", catalog_nbr=" 510", component="LEC"))
    await sync.after(minutes=20)
    assert await told(sync) == []
    await sync.hear(changed(seq=22))
    assert await told(sync) == [("41234", "dropped")]


async def test_an_import_without_anything_like_training_counts_every_drop(sync):
    """A23: what is left is a loss for certain when the whole term goes."""
    await sync.shows(*LECTURES)
    await sync.hear(imported(courses=()))
    await sync.check()
    await sync.hear(changed("50001", catalog_nbr=" 510", component="LEC"))
    assert [(loss.unnamed, loss.class_nbr) for loss in await sync.losses()] == [(True, "50001")]
    await sync.hear(term_withdrawn(seq=30))


async def test_an_i20_issued_anew_moves_the_watch(sync):
    """A23: the version that counts names it."""
    await watched(sync, a_row("51111", **OTHER_ROW))
    await sync.hear(issued(version=2, courses=(TRAINING,)).model_copy(update={"courses": (OTHER,)}))
    await sync.check()
    await sync.hear(changed())
    await sync.after(minutes=1)
    assert await told(sync) == []
    await sync.hear(changed("51111", seq=22, **OTHER_ROW))
    assert await told(sync) == [("51111", "dropped")]


async def test_a_swap_back_after_the_confirmation_is_a_replacement_anew(sync):
    """696 is confirmed; 698 added again and 696 dropped in one act is a replacement anew."""
    await watched(sync)
    await sync.hear(changed(act="7"), added("51111", act="7", **OTHER_ROW))
    await sync.hear(course_confirmed(OTHER))
    await sync.check()
    await sync.hear(changed("51111", seq=30, act="8", **OTHER_ROW), added(seq=31, act="8"))
    assert await told(sync) == [("41234", "replaced"), ("51111", "replaced")]


async def test_a_drop_dated_after_the_end_has_that_position(sync):
    """A25, case 53."""
    await watched(sync)
    sync.now = sync.now.replace(month=12, day=20)
    await sync.hear(changed(effective_dt="2026-12-14"))
    (loss,) = await sync.losses()
    assert loss.authorizations[0].position == "ended"


async def test_a_class_number_that_becomes_another_course_is_no_longer_the_named_one(sync):
    """The named class number now is another course."""
    await watched(sync)
    await sync.hear(changed(status="E", reason="ENRL", units="3.00", catalog_nbr=" 610", action="M"))
    assert len(await sync.losses()) + len(await sync.published(QualifyingCourseReplaced)) == 1


async def test_a_drop_while_nobody_named_the_course_ends_when_it_is_added_again(sync):
    """A23, P25."""
    await sync.shows(a_row(), a_row("51111", **OTHER_ROW), *LECTURES)
    await sync.issue(courses=())
    await sync.hear(changed("50001", catalog_nbr=" 510", component="LEC"))
    await sync.hear(added("50001", seq=30, catalog_nbr=" 510", component="LEC", units="3.00"))
    await sync.shows(
        a_row(),
        a_row("51111", **OTHER_ROW),
        a_row("50001", 30, catalog_nbr=" 510", units="3.00", component="LEC"),
        *LECTURES[1:],
    )
    await sync.after(minutes=1)
    assert len(await sync.losses()) == 1
    assert (await sync.regains())[-1].confirmed_by_read

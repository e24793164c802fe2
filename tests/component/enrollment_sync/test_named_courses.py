"""The course a CPT rests on is looked for and watched, and no other one (A23, A24, cases 71 to 76)."""

from datetime import date

import pytest

from cpt.contracts.enrollment import CoursesAssumed, QualifyingCourseReplaced
from cpt.contracts.values import CoopContract, NamedCourse
from tests.component.enrollment_sync.told import (
    a_row,
    added,
    changed,
    course_confirmed,
    issuance,
    issued,
    session_withdrawn,
    submitted,
    term_withdrawn,
)

TRAINING = NamedCourse(strm="1267", subject="COMPSCI", catalog_nbr="698", class_nbr="41234")
LECTURES = tuple(a_row(f"5000{n}", catalog_nbr=f" 5{n}0", units="3.00", component="LEC") for n in range(1, 4))


def lecture(number, **changes):
    """A change of one of them; a drop unless told otherwise."""
    return changed(f"5000{number}", catalog_nbr=f" 5{number}0", component="LEC", **changes)


async def a_full_load(sync, *more, **fields):
    await sync.shows(a_row(), *LECTURES, *more)
    await sync.issue(**(dict(courses=(TRAINING,)) | fields))


async def test_the_named_course_is_lost_though_a_full_load_is_left(sync):
    """Cases 71, 74, R32: one that was there all along replaces nothing, also under one request id."""
    await a_full_load(sync, a_row("51111", catalog_nbr=" 696"))

    await sync.hear(changed(act="7"))

    (loss,) = await sync.losses()
    assert (loss.course, loss.kind, loss.unnamed) == ("COMPSCI 698", "enrollment", False)
    assert loss.other_courses == ("COMPSCI 510", "COMPSCI 520", "COMPSCI 530", "COMPSCI 696")
    assert await sync.published(QualifyingCourseReplaced) == []


async def test_another_course_dropped_touches_nothing(sync):
    """Case 72: the CPT rests on 698."""
    await a_full_load(sync)

    await sync.hear(lecture(1))
    await sync.check()

    assert await sync.losses() == []


async def test_another_section_in_the_same_act_is_followed_silently(sync):
    """Case 74, A24: the watch follows, no alert; the section it follows is the one that is watched."""
    await a_full_load(sync)

    await sync.hear(changed(act="7"), added("41235", act="7"))
    assert [type(event) for event in await sync.published()] == []
    assert len(await sync.rows("SELECT 1 FROM audit WHERE action = 'section_followed'")) == 1

    await sync.hear(changed("41235", seq=22))
    assert [loss.class_nbr for loss in await sync.losses()] == ["41235"]


async def test_a_section_swapped_before_issuance_costs_no_place(sync):
    """A24, P20: also where a gate's confirmed courses still name the section that was left."""
    await sync.shows(a_row())
    await sync.hear(submitted(courses=(TRAINING,)))
    await sync.check()

    await sync.hear(changed(act="7"), added("41235", act="7"))
    await sync.shows(a_row(seq=20, status="D", reason="DROP"), a_row("41235", seq=21))
    await sync.hear(issuance(courses=(TRAINING,)))
    await sync.check()

    answers = await sync.answers()
    assert {answer.outcome for answer in answers} == {"met"}
    assert answers[-1].findings[0].course.class_nbr == "41235"


async def test_another_course_added_after_the_window_replaces_nothing(sync):
    """A24: not in the same act."""
    await a_full_load(sync)

    await sync.hear(changed())
    await sync.after(minutes=16)
    await sync.hear(added("51111", catalog_nbr=" 696"))

    assert len(await sync.losses()) == 1
    assert await sync.regains() == []


async def test_a_replacement_that_goes_too_is_a_loss(sync):
    """A24: nobody had confirmed it yet."""
    await a_full_load(sync)
    await sync.hear(changed(act="7"), added("51111", act="7", catalog_nbr=" 696"))

    await sync.hear(changed("51111", seq=22, catalog_nbr=" 696"))

    assert len(await sync.published(QualifyingCourseReplaced)) == 1
    assert len(await sync.losses()) == 1


async def test_a_place_on_the_wait_list_replaces_nothing(sync):
    """A24, docs/glossary.md: a swap into a full class."""
    await a_full_load(sync)

    await sync.hear(
        changed(act="7"), added("51111", act="7", catalog_nbr=" 696", status="W", reason="WAIT", action="W")
    )

    assert len(await sync.losses()) == 1


async def test_the_check_looks_for_the_named_class(sync):
    """Case 73, A23, R28: the message names it and the student's other classes; a lecture named is found, and flagged."""
    await sync.shows(*LECTURES)
    await sync.hear(submitted(courses=(TRAINING,)))
    await sync.check()

    (finding,) = (await sync.answers())[-1].findings
    assert (finding.outcome, finding.code, finding.course) == ("not_met", "not_enrolled", None)
    assert "COMPSCI 698 (class 41234)" in finding.message
    assert "COMPSCI 510 (class 50001)" in finding.message

    named = NamedCourse(strm="1267", subject="compsci", catalog_nbr=" 0510")
    await sync.hear(submitted(version=2, courses=(named,)))
    await sync.check()

    answer = (await sync.answers())[-1]
    assert (answer.outcome, answer.findings[0].course.class_nbr) == ("met", "50001")
    assert "course_not_usual" in {flag.code for flag in answer.flags}
    assert {one.class_nbr for one in answer.classes} == {"50001", "50002", "50003"}


async def test_what_was_confirmed_at_the_gate_is_what_is_looked_for(sync):
    """A23: IssuanceAsked and I20Issued carry it."""
    await sync.shows(a_row(), *LECTURES)
    await sync.hear(submitted(courses=(TRAINING,)))
    await sync.check()
    lecture_named = NamedCourse(strm="1267", subject="COMPSCI", catalog_nbr="510", class_nbr="50001")

    asked = issued(courses=(TRAINING,)).model_copy(update={"courses": (lecture_named,)})
    await sync.hear(asked)
    await sync.check()
    await sync.hear(changed())
    assert await sync.losses() == []

    await sync.hear(lecture(1, seq=22))
    assert [loss.course for loss in await sync.losses()] == ["COMPSCI 510"]


async def test_the_only_class_that_looks_like_training_is_assumed(sync):
    """A23: an authorization of before; told once."""
    await a_full_load(sync, courses=())

    await sync.hear(lecture(1))
    assert await sync.losses() == []
    await sync.hear(changed(seq=22))
    assert [loss.course for loss in await sync.losses()] == ["COMPSCI 698"]


async def test_while_nobody_has_named_the_course_every_drop_counts(sync):
    """A23: two that look like training; each drop is told as one of which nobody knows, until somebody names it."""
    await sync.shows(a_row(), a_row("51111", catalog_nbr=" 696"), *LECTURES)
    await sync.hear(submitted(courses=()))
    await sync.check()
    (assumed,) = await sync.published(CoursesAssumed)
    assert (assumed.courses, assumed.unnamed, len(assumed.classes)) == ((), ("1267",), 5)
    await sync.hear(issued(courses=()))
    await sync.check()

    await sync.hear(lecture(1))
    await sync.hear(changed("51111", seq=21, catalog_nbr=" 696"))
    losses = await sync.losses()
    assert [(loss.course, loss.unnamed) for loss in losses] == [("COMPSCI 510", True), ("COMPSCI 696", True)]

    await sync.hear(course_confirmed(TRAINING))
    await sync.hear(lecture(2, seq=22))
    assert len(await sync.losses()) == 2
    await sync.hear(changed(seq=23))
    assert [loss.unnamed for loss in await sync.losses()] == [True, True, False]


async def test_naming_a_course_that_was_dropped_is_a_loss(sync):
    """A23: one of the drops was of the course it rests on."""
    await sync.shows(a_row(), a_row("51111", catalog_nbr=" 696"))
    await sync.issue(courses=())
    await sync.hear(changed())

    await sync.hear(course_confirmed(TRAINING))

    assert [loss.unnamed for loss in await sync.losses()] == [True, False]


@pytest.mark.parametrize(
    ("event", "cause"),
    [
        (term_withdrawn(code="CAN"), "term_withdrawn"),
        (session_withdrawn(), "session_withdrawn"),
        (session_withdrawn(code="CAN"), "session_withdrawn"),
    ],
)
async def test_a_withdrawal_from_the_term_or_the_session_ends_the_class(sync, event, cause):
    """Case 75, A25."""
    await a_full_load(sync)

    await sync.hear(event)

    (loss,) = await sync.losses()
    assert (loss.cause, loss.authorizations[0].position) == (cause, "running")


async def test_a_session_withdrawal_that_only_a_read_shows_ends_the_class(sync):
    """Case 75, P18, P19: SPIRE lists it beside those of the term; the snapshot agrees with what is stored."""
    await a_full_load(sync)
    withdrawal = dict(strm="1267", session_code="1", withdraw_code="WDR", effective_dt="2026-09-20", source_seq=30)
    await sync.shows(a_row(), *LECTURES, withdrawal)

    runs = [await sync.reconcile(), await sync.reconcile()]

    assert [run["differences"] for run in runs] == [1, 0]
    assert [loss.cause for loss in await sync.losses()] == ["session_withdrawn"]


@pytest.mark.parametrize("event", [session_withdrawn(session="2"), session_withdrawn(code="NWD")])
async def test_a_withdrawal_from_another_session_ends_nothing(sync, event):
    """Case 75."""
    await a_full_load(sync)

    await sync.hear(event)

    assert await sync.losses() == []


async def test_a_coop_needs_its_named_row_in_one_term(sync):
    """A13, A23, case 57."""
    contract = CoopContract(agreement_id="HS-1", start_date=date(2026, 8, 3), end_date=date(2026, 12, 11))
    row = dict(subject="UMASS", catalog_nbr=" 398C", units="0.00", acad_career="UGRD")
    named = NamedCourse(strm="1267", subject="UMASS", catalog_nbr="398C")
    await sync.shows(a_row("39801", **row), a_row("50001", strm="1265", units="3.00"))
    asked = dict(
        route="coop", coop=contract, courses=(named,), start_date=date(2026, 8, 3), end_date=date(2026, 12, 11)
    )
    await sync.hear(submitted(**asked))
    await sync.check()
    assert (await sync.answers())[-1].outcome == "met"
    await sync.hear(issued(**asked))
    await sync.check()

    await sync.hear(changed("50001", strm="1265"))
    await sync.hear(changed("39801", seq=21, **row))

    assert [loss.course for loss in await sync.losses()] == ["UMASS 398C"]


SECOND = NamedCourse(strm="1267", subject="COMPSCI", catalog_nbr="696")


async def test_each_of_two_named_courses_has_to_be_found(sync):
    """A23, R28, P20: one of them is not enough, and the answer names the one that is lacking and the one that is found."""
    await sync.shows(a_row(), *LECTURES)
    await sync.hear(submitted(courses=(TRAINING, SECOND)))
    await sync.check()
    (answer,) = await sync.answers()

    (finding,) = answer.findings
    assert (finding.outcome, finding.code) == ("not_met", "not_enrolled")
    assert "COMPSCI 696" in finding.message
    assert "COMPSCI 698" not in finding.message
    assert [course.catalog_nbr for course in finding.courses] == ["698"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (a_row("51111", catalog_nbr=" 696", status="W"), "wait_listed"),
        (a_row("51111", catalog_nbr=" 696", grading_basis="AUD"), "audit"),
        (a_row("51111", catalog_nbr=" 696", units="0.00"), "too_few_credits"),
        (a_row("51111", catalog_nbr=" 696", reason="WDRW"), "withdrawn"),
    ],
)
async def test_each_named_course_has_to_be_valid_by_itself(sync, row, code):
    """A23, R30: what keeps the second one from counting is the finding of the term."""
    await sync.shows(a_row(), row, *LECTURES)
    await sync.hear(submitted(courses=(TRAINING, SECOND)))
    await sync.check()
    (answer,) = await sync.answers()

    (finding,) = answer.findings
    assert (finding.outcome, finding.code) == ("not_met", code)
    assert finding.message.startswith("COMPSCI 696 ")


async def test_two_named_courses_that_are_both_missing_are_both_said(sync):
    """R11, A23: everything at once; the one nearest to success gives the code."""
    await sync.shows(a_row(status="D", reason="DROP"), *LECTURES)
    await sync.hear(submitted(courses=(TRAINING, SECOND)))
    await sync.check()
    (answer,) = await sync.answers()

    (finding,) = answer.findings
    assert finding.code == "withdrawn"
    assert finding.message.startswith("COMPSCI 698 in Fall 2026 was dropped or withdrawn. SPIRE does not show you")
    assert "COMPSCI 696" in finding.message


async def test_a_999_named_beside_a_course_that_counts_is_no_obstacle(sync):
    """R31: 999 plus a course of a credit passes, and nothing rests on the 999."""
    extra = NamedCourse(strm="1267", subject="GRADSCH", catalog_nbr="999")
    await a_full_load(sync, a_row("59999", subject="GRADSCH", catalog_nbr=" 999"), courses=(TRAINING, extra))

    await sync.hear(changed("59999", subject="GRADSCH", catalog_nbr=" 999"))

    assert await sync.losses() == []


async def test_of_two_named_courses_each_loss_is_one_alert_and_each_comes_back_by_itself(sync):
    """A23, A24, P25: the one that is left neither hides the loss of the other nor ends it."""
    second = a_row("51111", catalog_nbr=" 696")
    await a_full_load(sync, second, courses=(TRAINING, SECOND))

    await sync.hear(changed(seq=20, act="1"))
    await sync.hear(changed("51111", catalog_nbr=" 696", seq=21, act="2"))
    await sync.shows(a_row(seq=20, status="D", reason="DROP"), a_row("51111", catalog_nbr=" 696", seq=22), *LECTURES)
    await sync.hear(added("51111", catalog_nbr=" 696", seq=22, act="3"))
    await sync.check()
    await sync.check()

    losses = await sync.losses()
    assert [loss.course for loss in losses] == ["COMPSCI 698", "COMPSCI 696"]
    assert {event.loss_id for event in await sync.regains() if event.confirmed_by_read} == {losses[1].loss_id}


async def test_one_act_that_takes_both_named_courses_is_one_alert_until_both_are_back(sync):
    """P25: told once, and met again when every course that it took is."""
    await a_full_load(sync, a_row("51111", catalog_nbr=" 696"), courses=(TRAINING, SECOND))
    second = dict(catalog_nbr=" 696", status="D", reason="DROP", units="0.00")

    await sync.hear(changed(seq=20, act="7"), changed("51111", catalog_nbr=" 696", seq=21, act="7"))
    await sync.shows(a_row(seq=22), a_row("51111", seq=21, **second), *LECTURES)
    await sync.after(days=1)
    assert await sync.regains() == []

    await sync.shows(a_row(seq=22), a_row("51111", seq=90, catalog_nbr=" 696"), *LECTURES)
    await sync.hear(added("51111", catalog_nbr=" 696", seq=90))
    await sync.after(minutes=1)

    assert [loss.course for loss in await sync.losses()] == ["COMPSCI 698"]
    assert [event.confirmed_by_read for event in await sync.regains()][-1]


async def test_a_course_lost_twice_before_spire_was_asked_again_is_lost_twice(sync):
    """Case 51, A23: also where another named course was there all the time."""
    await a_full_load(sync, a_row("51111", catalog_nbr=" 696"), courses=(TRAINING, SECOND))

    await sync.hear(changed(seq=20))
    await sync.hear(added(seq=21))
    await sync.hear(changed(seq=22))

    assert [loss.course for loss in await sync.losses()] == ["COMPSCI 698", "COMPSCI 698"]


async def test_a_named_course_that_was_never_found_is_named_in_its_alert(sync):
    """P22: an I-20 that rests on a course which SPIRE does not show is a loss at once, and says which."""
    await sync.shows(a_row(), *LECTURES)
    await sync.hear(submitted(courses=(TRAINING,)))
    await sync.check()

    await sync.hear(issued(courses=(TRAINING, SECOND)))
    await sync.check()

    assert [loss.course for loss in await sync.losses()] == ["COMPSCI 696"]


@pytest.mark.parametrize(("career", "lost"), [("UGRD", []), ("GRAD", ["COMPSCI 698"])])
async def test_a_term_withdrawal_of_another_career_takes_no_class_of_this_one(sync, career, lost):
    """P18, case 6: STDNT_CAR_TERM is a career's; the read, which need not name it, is of the same act."""
    other = a_row("60000", acad_career="UGRD", catalog_nbr=" 101", component="LEC")
    await a_full_load(sync, other)
    told = term_withdrawn(seq=40).model_copy(update={"acad_career": career})
    withdrawal = dict(strm="1267", withdraw_code="WDR", effective_dt="2026-09-20", source_seq=40)

    await sync.hear(told)
    await sync.shows(a_row(), other, *LECTURES, withdrawal)
    await sync.after(days=1)
    await sync.hear(added("70000", seq=50, catalog_nbr=" 700"))
    await sync.after(minutes=1)

    assert [loss.course for loss in await sync.losses()] == lost


async def test_a_withdrawal_whose_career_nobody_names_is_shown_to_a_person(sync):
    """P18: all that a read tells may be of either career; the event that comes later says which, and a read ends it."""
    other = a_row("60000", acad_career="UGRD", catalog_nbr=" 101", component="LEC")
    await a_full_load(sync, other)
    withdrawal = dict(strm="1267", withdraw_code="WDR", effective_dt="2026-09-20", source_seq=40)

    await sync.shows(a_row(), other, *LECTURES, withdrawal)
    await sync.reconcile()
    assert [loss.cause for loss in await sync.losses()] == ["term_withdrawn"]

    await sync.hear(term_withdrawn(seq=40).model_copy(update={"acad_career": "UGRD"}))
    await sync.after(minutes=1)
    assert [event.confirmed_by_read for event in await sync.regains()][-1]


async def test_each_career_has_a_withdrawal_of_its_own(sync):
    """P18: the second neither replaces the first nor is replaced by it, and one that is taken back takes back its own."""
    await a_full_load(sync, a_row("60000", acad_career="UGRD", catalog_nbr=" 101"))
    graduate = term_withdrawn(seq=40)
    undergraduate = term_withdrawn(seq=41).model_copy(update={"acad_career": "UGRD"})

    await sync.hear(graduate, undergraduate)
    await sync.hear(term_withdrawn(seq=42, code="NWD").model_copy(update={"acad_career": "UGRD"}))
    assert await sync.regains() == []
    await sync.hear(term_withdrawn(seq=43, code="NWD"))

    assert len(await sync.losses()) == 1
    assert len(await sync.regains()) == 1

from datetime import date

import pytest

from cpt.campus.clock import position
from enrollment_sync.domain import (
    Facts,
    Row,
    TermChange,
    TermWithdrawal,
    fold,
    loss_cause,
    merge,
    transition,
)
from tests.unit.enrollment.make import (
    CALENDAR,
    CODES,
    FALL,
    SUMMER,
    SUMMER_AND_FALL,
    continuous,
    coop,
    coop_row,
    dropped,
    evaluate,
    evaluated,
    facts,
    read,
    row,
    term_withdrawal,
    undergraduate,
)


def changes(asked: Facts, held: list[Row], *events: Row | TermWithdrawal) -> tuple[TermChange, ...]:
    before = read(*held)
    return transition(evaluate(asked, before, CALENDAR), evaluate(asked, fold(before, events), CALENDAR))


def kinds(found: tuple[TermChange, ...]) -> list[tuple[str, str]]:
    return [(change.kind, change.strm) for change in found]


@pytest.mark.parametrize(
    ("event", "code", "cause"),
    [
        (dropped(), "withdrawn", "dropped"),
        (row(source_seq=11, reason="WDRW"), "withdrawn", "withdrawn"),
        (row(source_seq=11, grade="W"), "withdrawn", "withdrawn"),
        (row(source_seq=11, grading_basis="AUD"), "audit", "audit"),
        (row(source_seq=11, units="0"), "too_few_credits", "units"),
        (dropped(reason="CANC"), "withdrawn", "school_side"),
        (dropped(reason="ADRP"), "withdrawn", "school_side"),
        (row(source_seq=11, status="W", reason="WAIT"), "wait_listed", "other"),
        (term_withdrawal(), "withdrawn", "term_withdrawn"),
    ],
)
def test_losing_the_last_qualifying_class_is_a_loss_with_its_cause(
    event: Row | TermWithdrawal, code: str, cause: str
) -> None:
    """Cases 3, 4, 5 and 6, R32."""
    [change] = changes(facts(), [row()], event)

    assert (change.kind, change.strm, change.code) == ("lost", FALL, code)
    assert [entry.class_nbr for entry in change.gone] == ["41234"]
    assert loss_cause(FALL, change.gone[0], merge(read(row()), event), CODES) == cause


def test_fewer_units_that_still_suffice_change_nothing() -> None:
    """Case 4: from 3 to 1."""
    assert changes(facts(), [row(units="3")], row(units="1", source_seq=11)) == ()


def test_a_dropped_lab_changes_nothing() -> None:
    """Case 7."""
    lab = {"class_nbr": "41235", "primary_class_nbr": "41234"}

    assert changes(facts(), [row(), row(**lab)], dropped(**lab)) == ()


def test_a_drop_of_the_same_number_elsewhere_changes_nothing() -> None:
    """Case 9."""
    assert changes(facts(), [row()], dropped(strm=SUMMER), dropped(emplid="30099999")) == ()


def test_a_posted_grade_changes_nothing() -> None:
    """Case 59."""
    assert changes(facts(), [row()], row(grade="INC", source_seq=11)) == ()


def test_a_swap_to_a_qualifying_course_is_a_replacement() -> None:
    """P26, R33: drop and add under one request are one act."""
    added = row(class_nbr="50000", catalog_nbr="696", source_seq=12)

    [change] = changes(facts(), [row()], dropped(), added)

    assert change.kind == "replaced"
    assert [entry.course for entry in change.gone] == ["COMPSCI 698"]
    assert [entry.course for entry in change.left] == ["COMPSCI 696"]


def test_a_swap_into_a_full_class_is_a_loss() -> None:
    """domain.md sections 3.1 and 4: the wait list does not satisfy."""
    [change] = changes(facts(), [row()], dropped(), row(class_nbr="5", status="W", reason="WAIT", source_seq=12))

    assert (change.kind, change.code) == ("lost", "wait_listed")


def test_a_drop_that_leaves_continuous_enrollment_is_a_loss() -> None:
    """R29, case 16."""
    assert kinds(changes(facts(), [row(), continuous()], dropped())) == [("lost", FALL)]


def test_a_drop_that_leaves_another_qualifying_course_is_a_replacement() -> None:
    """R33: the requirement is evaluated, not the row."""
    assert kinds(changes(facts(), [row(), row(class_nbr="2")], dropped())) == [("replaced", FALL)]


def test_a_second_course_beside_the_first_changes_nothing() -> None:
    """R33."""
    assert changes(facts(), [row()], row(class_nbr="2", source_seq=11)) == ()


def test_an_added_class_regains_the_requirement() -> None:
    """Case 51: annotated, a person closes."""
    [change] = changes(facts(), [dropped(source_seq=9)], row(source_seq=10))

    assert (change.kind, change.gone) == ("regained", ())
    assert [entry.class_nbr for entry in change.left] == ["41234"]


def test_a_second_drop_is_a_second_loss() -> None:
    """Case 51: a new alert, not a re-opened one."""
    assert kinds(changes(facts(), [row(source_seq=12)], dropped(source_seq=13))) == [("lost", FALL)]


def test_one_loss_in_each_term_that_a_student_leaves() -> None:
    """R23, R32."""
    found = changes(facts(**SUMMER_AND_FALL), [row(strm=SUMMER), row()], dropped(strm=SUMMER), dropped())

    assert kinds(found) == [("lost", SUMMER), ("lost", FALL)]


def test_both_trainings_that_rest_on_one_course_lose_it() -> None:
    """Case 55: every watch is evaluated against the same rows."""
    first, second = facts(), facts(start_date=date(2026, 10, 1), end_date=date(2026, 11, 30))

    assert kinds(changes(first, [row()], dropped())) == kinds(changes(second, [row()], dropped())) == [("lost", FALL)]


def test_a_coop_student_who_drops_the_only_row_loses_the_requirement_once() -> None:
    """Case 57."""
    gone = dropped(subject="UMASS", catalog_nbr="398C", class_nbr="39800")

    assert kinds(changes(coop(), [coop_row()], gone)) == [("lost", FALL)]


def test_a_coop_student_who_drops_the_row_of_one_term_loses_it_though_another_term_has_one() -> None:
    """Case 57, R32: dropping such a row is a withdrawal like any other."""
    gone = dropped(subject="UMASS", catalog_nbr="398C", class_nbr="39800")

    assert kinds(changes(coop(), [coop_row(strm=SUMMER), coop_row()], gone)) == [("lost", FALL)]


def test_dropping_an_undergraduates_internship_beside_other_courses_is_a_replacement() -> None:
    """R19: which course fits is not ours to judge, so a person looks."""
    held = [row(), row(class_nbr="2", units="4"), row(class_nbr="3", units="4")]

    [change] = changes(undergraduate(), held, dropped())

    assert (change.kind, [entry.class_nbr for entry in change.left]) == ("replaced", ["2", "3"])


def test_what_cannot_be_determined_is_neither_lost_nor_regained() -> None:
    """P17, P20: a term that was not read says nothing."""
    known, unread = evaluated(facts(), row()), evaluate(facts(), read(terms=()), CALENDAR)

    assert transition(known, unread) == transition(unread, known) == ()


@pytest.mark.parametrize(
    ("effective", "expected"),
    [(date(2026, 9, 13), "not_started"), (date(2026, 12, 10), "running"), (date(2026, 12, 12), "ended")],
)
def test_a_loss_is_placed_against_the_training_by_its_effective_date(effective: date, expected: str) -> None:
    """Cases 53, 54 and 56, P16: when it was learned does not matter."""
    asked, gone = facts(), dropped(effective_dt=effective)

    assert kinds(changes(asked, [row()], gone)) == [("lost", FALL)]
    assert position(asked.start_date, asked.end_date, gone.effective_dt) == expected

"""Cases that nobody wrote down and that follow from the rules of the office's page."""

from datetime import date
from decimal import Decimal

import pytest

from cpt.campus.authorization import CoopContract
from enrollment_sync.domain import Enrollments, Facts, Row, TermWithdrawal, UnknownCode, merge, transition
from enrollment_sync.domain.rows import active
from tests.unit.enrollment.make import (
    CALENDAR,
    CODES,
    FALL,
    SPRING,
    SUMMER,
    SUMMER_AND_FALL,
    WINTER,
    continuous,
    coop,
    coop_row,
    dropped,
    evaluate,
    evaluated,
    facts,
    finding,
    flag_codes,
    outcomes,
    read,
    row,
    term_withdrawal,
    undergraduate,
)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "end", "terms"),
    [
        ("2026-12-23", "2026-12-23", [FALL]),  # the last day of fall alone
        ("2026-12-23", "2026-12-28", [FALL, WINTER]),  # the last of one, the first of the other, the break between
        ("2026-12-24", "2026-12-27", []),  # the four days between them
        ("2026-12-24", "2026-12-28", [WINTER]),
        ("2026-09-07", "2026-09-08", [FALL]),
        ("2026-05-14", "2026-05-18", [SPRING, SUMMER]),
        ("2026-05-11", "2026-09-08", [SPRING, SUMMER, FALL]),
    ],
)
def test_the_borders_of_terms_decide_by_the_day(start: str, end: str, terms: list[str]) -> None:
    """R22, A12: both ends belong to the training and to the term."""
    assert [strm for strm, _, _ in outcomes(evaluated(facts(start_date=day(start), end_date=day(end))))] == terms


def test_three_terms_need_three_courses_and_the_one_in_the_middle_is_missed() -> None:
    """R23."""
    asked = facts(start_date=day("2026-05-11"), end_date=day("2026-09-30"))

    found = outcomes(evaluated(asked, row(strm=SPRING), row()))
    assert found == [(SPRING, "met", "enrolled"), (SUMMER, "not_met", "not_enrolled"), (FALL, "met", "enrolled")]


@pytest.mark.parametrize("catalog_nbr", ["999", " 999", "  999  ", "999\t"])
def test_continuous_enrollment_is_known_however_it_is_padded(catalog_nbr: str) -> None:
    """R29: also where units were entered for it."""
    assert finding(facts(), continuous(catalog_nbr=catalog_nbr, units="9")).code == "continuous_enrollment_only"


@pytest.mark.parametrize("catalog_nbr", ["999A", "9990", "1999", "99"])
def test_a_number_that_only_looks_like_continuous_enrollment_is_a_course(catalog_nbr: str) -> None:
    """R29, R19: whether it fits is for advisers to say."""
    assert finding(facts(), row(catalog_nbr=catalog_nbr)).outcome == "met"


def test_a_dropped_continuous_enrollment_leaves_the_course_beside_it() -> None:
    """R31: and the finding no longer speaks of it."""
    found = finding(facts(), row(), dropped(class_nbr="99900", subject="GRADSCH", catalog_nbr=" 999"))

    assert (found.outcome, found.rule) == ("met", "R30")


@pytest.mark.parametrize(
    ("units", "outcome"), [("1", "met"), ("1.00", "met"), ("1.000", "met"), ("0.999", "not_met"), ("1E+0", "met")]
)
def test_units_count_as_numbers_however_they_are_written(units: str, outcome: str) -> None:
    """A11."""
    assert finding(facts(), row(units=units)).outcome == outcome


def test_an_internship_of_half_a_credit_beside_a_lecture_passes_by_the_lecture() -> None:
    """A11, R19: one course must reach a credit, and which one fits is not ours to judge."""
    found = finding(facts(), row(units="0.5"), row(class_nbr="2", units="3"))

    assert [entry.class_nbr for entry in found.classes] == ["2"]


def test_an_undergraduates_required_course_may_not_be_wait_listed_audited_or_withdrawn() -> None:
    """R16, A11: that it needs no credit does not make it an enrollment."""
    asked = undergraduate(route="required")
    left = [row(status="W", reason="WAIT"), row(grading_basis="AUD", units="0"), row(units="0", grade="W")]

    assert [finding(asked, entry).code for entry in left] == ["wait_listed", "audit", "withdrawn"]


@pytest.mark.parametrize("grade", ["W", "w", " W ", "DR", "dr", "WP", "wf"])
def test_a_withdrawal_grade_on_a_row_that_stays_enrolled_is_a_withdrawal(grade: str) -> None:
    """R32: status E proves nothing."""
    assert not active(row(grade=grade), CODES)
    assert finding(facts(), row(grade=grade)).code == "withdrawn"


@pytest.mark.parametrize("grade", ["WIP", "WA", "D", "DRP", "I", "IP", "SAT", "NR"])
def test_a_grade_that_only_begins_like_one_is_no_withdrawal(grade: str) -> None:
    """R33: nothing is accused by a likeness."""
    assert finding(facts(), row(grade=grade)).outcome == "met"


def test_a_swap_into_a_wait_list_is_a_loss() -> None:
    """R28, domain 3.1: the old class is gone and the new one only waited for."""
    before = read(row())
    after = merge(
        merge(before, dropped(reason="WDRW", source_seq=11)),
        row(class_nbr="2", status="W", reason="WAIT", source_seq=12),
    )

    found = finding(facts(), *after.rows)
    assert (found.outcome, found.code) == ("not_met", "wait_listed")


def test_a_place_from_the_wait_list_is_an_enrollment() -> None:
    """R28: EWAT."""
    assert finding(facts(), row(reason="EWAT", source_seq=12)).outcome == "met"


def test_a_course_swapped_into_another_term_leaves_its_own_term_without_one() -> None:
    """R23: a class in spring stands for nothing in fall."""
    gone, elsewhere = dropped(source_seq=11), row(class_nbr="7", strm="1273", source_seq=12)
    changes = transition(evaluated(facts(), row()), evaluated(facts(), gone, elsewhere))

    assert [(change.kind, change.strm) for change in changes] == [("lost", FALL)]


def test_who_withdraws_from_the_term_and_enrolls_again_is_enrolled_by_the_new_rows_alone() -> None:
    """P18: the old class, ended by the withdrawal, is not revived with it."""
    found = finding(facts(), row(source_seq=10), term_withdrawal(source_seq=20), row(class_nbr="2", source_seq=21))

    assert [entry.class_nbr for entry in found.classes] == ["2"]


def test_a_withdrawal_from_the_term_that_is_taken_back_revives_its_rows() -> None:
    """P18: withdraw code NWD with a higher number."""
    known = merge(
        merge(read(row()), term_withdrawal(source_seq=20)), TermWithdrawal(FALL, "NWD", day("2026-10-02"), 30)
    )

    assert finding(facts(), *known.rows, *known.withdrawals).outcome == "met"


def test_a_second_withdrawal_from_the_term_ends_what_was_added_in_between() -> None:
    """P18."""
    known = read(row())
    for event in (term_withdrawal(source_seq=20), row(class_nbr="2", source_seq=21), term_withdrawal(source_seq=30)):
        known = merge(known, event)

    assert finding(facts(), *known.rows, *known.withdrawals).code == "withdrawn"


def test_an_old_class_of_the_same_number_at_another_career_is_another_class() -> None:
    """Case 9: a student who was an undergraduate last year holds rows of both careers."""
    before = dropped(acad_career="UGRD", source_seq=5)

    assert finding(facts(), before, row()).outcome == "met"


def test_the_contract_of_a_two_term_coop_that_outlasts_the_offer_decides_the_terms() -> None:
    """R59, R25: the offer ends in summer, the contract in fall; one term's row is enough."""
    asked = coop(end_date=day("2026-08-21"))

    assert [strm for strm, _, _ in outcomes(evaluated(asked, coop_row()))] == [SUMMER, FALL]
    assert evaluated(asked, coop_row()).outcome == "met"


@pytest.mark.parametrize("kept", [SUMMER, FALL])
def test_a_two_term_coop_may_register_in_either_term(kept: str) -> None:
    """R25, A13."""
    assert evaluated(coop(), coop_row(strm=kept)).outcome == "met"


def test_a_coop_registered_in_a_term_outside_its_contract_is_not_registered() -> None:
    """A13: a row of last spring carries no training in summer and fall."""
    assert evaluated(coop(), coop_row(strm=SPRING)).outcome == "not_met"


@pytest.mark.parametrize("catalog_nbr", ["298C", " 298C", "398c", "498C "])
def test_every_coop_number_of_the_university_is_known_however_it_is_written(catalog_nbr: str) -> None:
    """A13."""
    assert evaluated(coop(), coop_row(catalog_nbr=catalog_nbr)).outcome == "met"


@pytest.mark.parametrize(("subject", "catalog_nbr"), [("UMASS", "298"), ("HISTORY", "398C"), ("UMASS", "598C")])
def test_a_course_that_is_no_coop_row_needs_its_credit(subject: str, catalog_nbr: str) -> None:
    """A13, A11."""
    entry = coop_row(subject=subject, catalog_nbr=catalog_nbr)

    assert finding(coop(), entry).code == "too_few_credits"


def test_a_summer_coop_that_reaches_a_day_into_fall_is_exempt_and_one_that_does_not_is_flagged() -> None:
    """A18, R22."""
    contract = CoopContract(day("2026-06-01"), day("2026-09-08"))
    reaching = coop(coop=contract, start_date=contract.start_date, end_date=contract.end_date)
    within = coop(
        coop=CoopContract(day("2026-06-01"), day("2026-09-07")),
        start_date=day("2026-06-01"),
        end_date=day("2026-09-07"),
    )

    assert "summer_only_coop" not in flag_codes(evaluated(reaching, coop_row()))
    assert "summer_only_coop" in flag_codes(evaluated(within, coop_row(strm=SUMMER)))


def test_a_winter_training_wants_a_credit_in_winter_and_no_full_load() -> None:
    """A12, X4: the full load is of fall and spring."""
    asked = undergraduate(start_date=day("2026-12-28"), end_date=day("2027-01-23"))
    evaluation = evaluated(asked, row(strm=WINTER))

    assert (evaluation.outcome, "x4_below_full_load" in flag_codes(evaluation)) == ("met", False)


def test_an_audited_class_adds_nothing_to_the_full_load() -> None:
    """X4."""
    assert finding(facts(), row(units="3"), row(class_nbr="2", units="6", grading_basis="AUD")).units == Decimal(3)


def test_a_wait_listed_class_adds_nothing_to_the_full_load() -> None:
    """X4."""
    assert finding(facts(), row(units="3"), row(class_nbr="2", units="6", status="W")).units == Decimal(3)


@pytest.mark.parametrize(("status", "reason"), [("e", "ENRL"), ("", "ENRL"), ("E", "enrl"), ("E", "ZZZZ")])
def test_a_code_in_another_writing_is_not_guessed(status: str, reason: str) -> None:
    """Case 8."""
    with pytest.raises(UnknownCode):
        CODES.require(("status", status), ("reason", reason))


@pytest.mark.parametrize("asked", [facts(**SUMMER_AND_FALL), undergraduate(**SUMMER_AND_FALL)])
def test_the_same_class_number_in_both_terms_is_two_classes(asked: Facts) -> None:
    """R23, case 9: numbers are used again each term."""
    enrolled: list[Row] = [row(strm=SUMMER), row()]

    assert evaluated(asked, *enrolled).outcome == "met"
    assert evaluated(asked, enrolled[0], dropped()).outcome == "not_met"


def test_an_unread_term_beside_a_missing_course_leaves_the_answer_open() -> None:
    """P3, P17: a student is not told to fix one term while nobody has looked at the other."""
    known = Enrollments((row(),), (), {FALL: 0})
    asked = facts(**SUMMER_AND_FALL)

    assert evaluated(asked, row()).outcome == "not_met"
    assert evaluate(asked, known, CALENDAR).outcome == "cannot_determine"

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pydantic import TypeAdapter

from cpt.campus.calendar import AcademicCalendar
from enrollment_sync.domain import Enrollments, Facts, Policy, Row, active
from tests.unit.enrollment.make import (
    CALENDAR,
    CODES,
    FALL,
    SUMMER,
    SUMMER_AND_FALL,
    WINTER,
    continuous,
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


def test_an_enrolled_course_meets_its_term_and_is_named() -> None:
    """R18, R21, R28."""
    found = finding(undergraduate(), row(units="3.00"))

    assert (found.outcome, found.code, found.rule) == ("met", "enrolled", "R18")
    assert [(c.class_nbr, c.course, c.units) for c in found.classes] == [("41234", "COMPSCI 698", Decimal(3))]
    assert found.message == "Enrolled in COMPSCI 698 in Fall 2026."


def test_no_course_is_named_with_its_term() -> None:
    """R21."""
    found = finding(undergraduate())

    assert (found.outcome, found.code, found.rule) == ("not_met", "not_enrolled", "R21")
    assert "Fall 2026" in found.message


@pytest.mark.parametrize(("enrolled", "missing"), [(SUMMER, FALL), (FALL, SUMMER)])
def test_each_overlapped_term_needs_its_own_course_and_the_missing_one_is_named(enrolled: str, missing: str) -> None:
    """R23, R24: summer alone or fall alone fails."""
    evaluation = evaluated(facts(**SUMMER_AND_FALL), row(strm=enrolled))
    short = evaluation.finding(missing)

    assert evaluation.outcome == "not_met"
    assert short is not None
    assert (short.code, short.rule) == ("not_enrolled", "R24")
    assert sorted(outcomes(evaluation)) == sorted([(enrolled, "met", "enrolled"), (missing, "not_met", "not_enrolled")])


def test_a_course_in_each_overlapped_term_is_enough() -> None:
    """R23, R24."""
    assert evaluated(facts(**SUMMER_AND_FALL), row(strm=SUMMER), row()).outcome == "met"


def test_winter_needs_a_course_of_its_own() -> None:
    """A12."""
    asked = facts(start_date=date(2026, 12, 1), end_date=date(2027, 1, 10))

    assert outcomes(evaluated(asked, row())) == [(FALL, "met", "enrolled"), (WINTER, "not_met", "not_enrolled")]


@pytest.mark.parametrize(
    ("entry", "code", "rule"),
    [
        (row(status="W", reason="WAIT"), "wait_listed", "R28"),
        (row(grading_basis="AUD"), "audit", "R28"),
        (row(units="0.50"), "too_few_credits", "A11"),
        (row(reason="WDRW"), "withdrawn", "R32"),
        (row(grade="W"), "withdrawn", "R32"),
        (row(grade="DR"), "withdrawn", "R32"),
        (row(grade="WP"), "withdrawn", "R32"),
        (row(grade=" WF"), "withdrawn", "R32"),
        (dropped(), "withdrawn", "R32"),
        (dropped(reason="CANC"), "withdrawn", "R32"),
        (dropped(reason="ADRP"), "withdrawn", "R32"),
        (dropped(reason="DRWL"), "not_enrolled", "R21"),
    ],
)
def test_what_a_class_falls_short_of_is_named(entry: Row, code: str, rule: str) -> None:
    """docs/glossary.md, cases 3 to 5: E alone proves nothing and W is wait-listed."""
    found = finding(facts(), entry)

    assert (found.outcome, found.code, found.rule) == ("not_met", code, rule)


def test_a_class_is_active_when_nothing_in_its_row_says_otherwise() -> None:
    """docs/glossary.md."""
    assert active(row(), CODES)
    assert not any(
        active(entry, CODES)
        for entry in (row(status="W"), dropped(), row(reason="WDRW"), row(grade="W"), row(grading_basis="AUD"))
    )


@pytest.mark.parametrize("grade", ["A", "INC", "Y", None, ""])
def test_a_posted_grade_is_no_withdrawal(grade: str | None) -> None:
    """Case 59."""
    assert finding(facts(), row(grade=grade)).outcome == "met"


def test_which_grades_mean_withdrawn_can_be_set() -> None:
    """docs/rules.md, question 4."""
    policy = Policy(replace(CODES, withdrawal_grades=frozenset({"WD"})))

    assert evaluate(facts(), read(row(grade="WD")), CALENDAR, policy).outcome == "not_met"
    assert evaluate(facts(), read(row(grade="W")), CALENDAR, policy).outcome == "met"


NEAREST_FIRST = [
    row(class_nbr="1", status="W", reason="WAIT"),
    row(class_nbr="2", grading_basis="AUD"),
    row(class_nbr="3", units="0.5"),
    continuous(),
    dropped(class_nbr="5"),
    dropped(class_nbr="6", reason="DRWL"),
]
SHORTFALLS = ["wait_listed", "audit", "too_few_credits", "continuous_enrollment_only", "withdrawn", "not_enrolled"]


@pytest.mark.parametrize("nearest", range(6))
def test_the_class_nearest_to_success_names_the_shortfall(nearest: int) -> None:
    """interfaces.md, exact answers: one code per term, in this order."""
    assert finding(facts(), *reversed(NEAREST_FIRST[nearest:])).code == SHORTFALLS[nearest]


def test_an_audited_class_without_units_is_an_audit() -> None:
    """Case 3: SPIRE may take the units away with the grading basis."""
    assert finding(facts(), row(grading_basis="AUD", units="0")).code == "audit"


def test_a_withdrawn_primary_section_is_not_held_by_its_lab() -> None:
    """Case 7: marked on the primary section only."""
    primary = row(primary_class_nbr="41234", grade="W")
    lab = row(class_nbr="41235", primary_class_nbr="41234", component="LAB")

    assert finding(facts(), primary, lab).code == "withdrawn"


def test_a_dropped_lab_leaves_the_primary_section_qualifying() -> None:
    """Case 7."""
    primary = row(primary_class_nbr="41234")
    lab = dropped(class_nbr="41235", primary_class_nbr="41234", component="LAB")

    assert finding(facts(), primary, lab).outcome == "met"


def test_a_lab_without_its_primary_section_qualifies_for_nothing() -> None:
    """Case 7."""
    assert finding(facts(), row(class_nbr="41235", primary_class_nbr="41234")).code == "not_enrolled"


def test_the_same_class_number_in_another_term_or_of_another_student_is_another_class() -> None:
    """Case 9."""
    assert finding(facts(), row(), dropped(strm=SUMMER), dropped(emplid="30099999")).outcome == "met"


def test_a_term_withdrawal_ends_every_class_though_no_row_changes() -> None:
    """Case 6, P18."""
    assert finding(facts(), row(), row(class_nbr="2"), term_withdrawal()).code == "withdrawn"


def test_a_class_added_after_the_term_withdrawal_counts_again() -> None:
    """P18: only a row with a higher sequence."""
    assert finding(facts(), row(source_seq=21), term_withdrawal(source_seq=20)).outcome == "met"


def test_a_term_withdrawal_touches_no_other_term() -> None:
    """P18."""
    assert finding(facts(), row(), term_withdrawal(strm=SUMMER)).outcome == "met"


def test_the_withdraw_code_for_none_is_no_withdrawal() -> None:
    """docs/connect.md: NWD."""
    assert finding(facts(), row(), term_withdrawal("NWD")).outcome == "met"


def test_a_place_on_the_wait_list_that_a_term_withdrawal_ends_was_never_an_enrollment() -> None:
    """interfaces.md, exact answers: `withdrawn` was active once."""
    assert finding(facts(), row(status="W", reason="WAIT"), term_withdrawal()).code == "not_enrolled"


@pytest.mark.parametrize(("units", "outcome"), [("1.00", "met"), ("0.99", "not_met"), ("0.00", "not_met")])
def test_an_undergraduates_credit_route_needs_a_credit(units: str, outcome: str) -> None:
    """A11, case 4."""
    assert finding(undergraduate(), row(units=units)).outcome == outcome


def test_a_required_practicum_without_credit_passes_an_undergraduate_with_a_flag() -> None:
    """R16, A11."""
    evaluation = evaluated(undergraduate(route="required"), row(units="0"))

    assert evaluation.outcome == "met"
    assert "required_zero_credit" in flag_codes(evaluation)
    assert "required_zero_credit" not in flag_codes(evaluated(undergraduate(route="required"), row(units="1")))


@pytest.mark.parametrize("asked", [undergraduate(route="required"), facts(route="required")])
def test_a_required_training_without_its_course_is_not_met(asked: Facts) -> None:
    """R16: required for the degree is one half, enrolled in a course the other."""
    without, left, enrolled = finding(asked), finding(asked, dropped()), finding(asked, row())

    assert [(found.outcome, found.code) for found in (without, left, enrolled)] == [
        ("not_met", "not_enrolled"),
        ("not_met", "withdrawn"),
        ("met", "enrolled"),
    ]


def test_a_required_practicum_without_credit_does_not_pass_a_graduate() -> None:
    """A11, R30."""
    assert finding(facts(route="required"), row(units="0")).code == "too_few_credits"


def test_any_summer_session_satisfies_the_term() -> None:
    """A12."""
    asked = undergraduate(start_date=date(2026, 6, 1), end_date=date(2026, 8, 1))

    evaluation = evaluated(asked, row(strm=SUMMER, session_code="S1"))

    assert (evaluation.outcome, flag_codes(evaluation)) == ("met", set())


def test_a_session_that_misses_the_training_is_flagged_only() -> None:
    """Case 24: course in the first session, training in the second."""
    asked = undergraduate(start_date=date(2026, 7, 6), end_date=date(2026, 8, 14))

    evaluation = evaluated(asked, row(strm=SUMMER, session_code="S1"))

    assert (evaluation.outcome, flag_codes(evaluation)) == ("met", {"session_misses_training"})


def test_an_unknown_session_counts_as_the_whole_term_with_a_flag() -> None:
    """docs/connect.md."""
    asked = undergraduate(start_date=date(2026, 7, 6), end_date=date(2026, 8, 14))

    evaluation = evaluated(asked, row(strm=SUMMER, session_code="UWW"))

    assert (evaluation.outcome, flag_codes(evaluation)) == ("met", {"session_unknown"})


@pytest.mark.parametrize(("units", "flagged"), [("9", False), ("8.99", True)])
def test_less_than_a_full_load_in_fall_is_flagged_only(units: str, flagged: bool) -> None:
    """X4."""
    evaluation = evaluated(facts(), row(units=units))

    assert evaluation.outcome == "met"
    assert ("x4_below_full_load" in flag_codes(evaluation)) is flagged


def test_the_full_load_counts_what_is_still_active() -> None:
    """X4, P18: a class ended by a term withdrawal carries nothing."""
    held = finding(undergraduate(), row(units="3"), row(class_nbr="2", units="4"), dropped(class_nbr="3", units="4"))
    left = finding(undergraduate(), row(units="3", source_seq=30), row(class_nbr="2", units="4"), term_withdrawal())

    assert (held.units, left.units) == (Decimal(7), Decimal(3))


def test_a_training_that_ends_on_the_first_day_of_a_term_needs_its_course_and_hears_how_to_avoid_it() -> None:
    """Case 20."""
    asked = facts(start_date=date(2026, 8, 1), end_date=date(2026, 9, 8))

    found = finding(asked, row(strm=SUMMER))

    assert (found.outcome, found.code) == ("not_met", "not_enrolled")
    assert found.message.endswith("Training that ends one day earlier would not overlap Fall 2026.")


def test_a_training_that_starts_on_the_last_day_of_a_term_hears_how_to_avoid_it() -> None:
    """Case 20, from the other side."""
    asked = facts(start_date=date(2026, 8, 21), end_date=date(2026, 12, 11))

    assert finding(asked, row(), strm=SUMMER).message.endswith("one day later would not overlap Summer 2026.")


def test_a_single_day_of_training_is_evaluated_like_any_other() -> None:
    """Case 23."""
    asked = facts(start_date=date(2026, 9, 8), end_date=date(2026, 9, 8))

    assert evaluated(asked, row()).outcome == "met"
    assert "one day" not in finding(asked).message


def test_a_training_wholly_between_terms_is_left_to_a_person() -> None:
    """Case 21: no term, so neither met nor a missing course."""
    evaluation = evaluated(facts(start_date=date(2026, 8, 24), end_date=date(2026, 9, 4)), row())

    assert (evaluation.outcome, evaluation.undetermined) == ("cannot_determine", "no_term")


def test_a_needed_term_that_is_not_loaded_leaves_the_answer_open() -> None:
    """Case 25: never treated as no overlap, whatever the loaded terms say."""
    asked = facts(start_date=date(2027, 6, 1), end_date=date(2027, 10, 1))

    enrolled, not_enrolled = evaluated(asked, row(strm="1275")), evaluated(asked)

    assert enrolled.outcome == not_enrolled.outcome == "cannot_determine"
    assert enrolled.undetermined == "calendar_not_loaded"


def test_a_term_that_was_never_read_leaves_the_answer_open() -> None:
    """P17: events alone do not make a term known."""
    evaluation = evaluate(facts(), read(row(), terms=(SUMMER,)), CALENDAR)

    assert (evaluation.outcome, evaluation.undetermined) == ("cannot_determine", "term_not_read")
    assert outcomes(evaluation) == [(FALL, "cannot_determine", "term_not_read")]


def test_a_start_after_the_end_is_an_error() -> None:
    """Case 23."""
    with pytest.raises(ValueError, match="before it starts"):
        evaluated(facts(start_date=date(2026, 12, 12)))


def test_an_evaluation_names_the_versions_it_rests_on() -> None:
    """docs/rules.md: a later calendar is a later answer (case 26)."""
    revised = AcademicCalendar(7, CALENDAR.terms)

    evaluation = evaluate(facts(facts_version=4), read(row()), revised)

    assert (evaluation.calendar_version, evaluation.facts_version, evaluation.rule_version) == (7, 4, "3")


def test_a_revised_calendar_can_ask_for_another_course() -> None:
    """Case 26: fall now begins before the training in August ends."""
    form = CALENDAR.to_form() | {"version": 2}
    form["terms"][4]["start"] = "2026-08-24"
    asked = facts(start_date=date(2026, 8, 1), end_date=date(2026, 8, 28))

    assert evaluated(asked, row(strm=SUMMER)).outcome == "met"
    assert evaluate(asked, read(row(strm=SUMMER)), AcademicCalendar.parse(form)).outcome == "not_met"


def test_stored_inputs_replay_to_the_same_answer() -> None:
    """Facts and rows that went through JSON are evaluated alike."""
    asked, rows = facts(), read(row(), dropped(class_nbr="2"), term_withdrawal(strm=SUMMER))
    stored = TypeAdapter(Facts).dump_json(asked), TypeAdapter(Enrollments).dump_json(rows)

    replayed = TypeAdapter(Facts).validate_json(stored[0]), TypeAdapter(Enrollments).validate_json(stored[1])

    assert evaluate(*replayed, CALENDAR) == evaluate(asked, rows, CALENDAR)


@pytest.mark.parametrize("asked", [facts(), undergraduate()])
@pytest.mark.parametrize("session", ["1", "5W1"])
def test_a_drop_means_the_same_before_and_after_any_add_drop_deadline(asked: Facts, session: str) -> None:
    """A22: deadlines depend on career and session, so no finding ever depends on one."""
    days = [date(2026, 9, 9), date(2026, 9, 18), date(2026, 10, 28)]
    found = {finding(asked, dropped(session_code=session, effective_dt=day)).code for day in days}

    assert len(found) == 1
    assert found != {"enrolled"}

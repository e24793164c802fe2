from tests.unit.enrollment.make import (
    FALL,
    SUMMER,
    SUMMER_AND_FALL,
    continuous,
    dropped,
    evaluated,
    facts,
    finding,
    outcomes,
    row,
    undergraduate,
)


def test_continuous_enrollment_never_counts_for_a_graduate() -> None:
    """R29: also when SPIRE pads the number or gives it units."""
    for number in ("999", " 999", "  999 "):
        found = finding(facts(), continuous(catalog_nbr=number, units="1"))
        assert (found.code, found.rule) == ("continuous_enrollment_only", "R29")


def test_continuous_enrollment_beside_a_credit_course_passes() -> None:
    """R31."""
    found = finding(facts(), continuous(), row())

    assert (found.outcome, found.rule) == ("met", "R31")
    assert [entry.class_nbr for entry in found.classes] == ["41234"]


def test_one_course_of_one_credit_passes_a_graduate() -> None:
    """R30, case 13."""
    assert finding(facts(), row(units="1.0")).rule == "R30"


def test_two_half_credits_do_not_make_one_course_of_one_credit() -> None:
    """A11, case 13."""
    assert finding(facts(), row(units="0.5"), row(class_nbr="2", units="0.5")).code == "too_few_credits"


def test_only_the_term_with_nothing_but_continuous_enrollment_fails() -> None:
    """Case 14."""
    evaluation = evaluated(facts(**SUMMER_AND_FALL), row(strm=SUMMER), continuous())

    assert outcomes(evaluation) == [(SUMMER, "met", "enrolled"), (FALL, "not_met", "continuous_enrollment_only")]


def test_a_wait_listed_continuous_enrollment_is_still_only_that() -> None:
    """R29: coming off the wait list would not help."""
    assert finding(facts(), continuous(status="W", reason="WAIT")).code == "continuous_enrollment_only"


def test_an_undergraduates_course_numbered_999_is_a_course() -> None:
    """Case 15."""
    assert finding(undergraduate(), continuous(subject="HONORS", units="3")).outcome == "met"


def test_the_students_career_decides_not_the_course() -> None:
    """A17: a graduate in an undergraduate course, an undergraduate row for a graduate."""
    assert finding(facts(), row(catalog_nbr="298", acad_career="UGRD")).outcome == "met"
    assert finding(facts(), continuous(acad_career="UGRD", units="1")).outcome == "not_met"


def test_a_graduate_who_drops_the_credit_course_before_issuance_is_held_by_continuous_enrollment_no_longer() -> None:
    """Case 16, R30: the check at issuance finds the 999 only."""
    assert finding(facts(), continuous(), row()).outcome == "met"
    assert finding(facts(), continuous(), dropped()).code == "continuous_enrollment_only"

from datetime import date

import pytest

from cpt.campus.authorization import CoopContract
from enrollment_sync.domain import Facts, Policy
from tests.unit.enrollment.make import (
    CALENDAR,
    CODES,
    CONTRACT,
    FALL,
    GRADUATE,
    SUMMER,
    continuous,
    coop,
    coop_row,
    dropped,
    evaluate,
    evaluated,
    finding,
    flag_codes,
    outcomes,
    read,
    row,
)

IN_SUMMER = {"start_date": date(2026, 6, 1), "end_date": date(2026, 8, 14)}
SUMMER_CONTRACT = CoopContract(**IN_SUMMER)


@pytest.mark.parametrize("strm", [SUMMER, FALL])
def test_an_approved_coop_needs_its_row_in_one_overlapped_term_only(strm: str) -> None:
    """R25, A13, case 18."""
    evaluation = evaluated(coop(), coop_row(strm=strm))
    waived = next(found for found in evaluation.findings if found.strm != strm)

    assert evaluation.outcome == "met"
    assert (waived.outcome, waived.code, waived.rule) == ("met", "coop_exempt", "R25")


@pytest.mark.parametrize("number", ["298C", " 398C", "498c"])
def test_a_coop_row_carries_no_credit_and_counts(number: str) -> None:
    """A13: a naive one-credit check would fail it."""
    found = finding(coop(), coop_row(catalog_nbr=number))

    assert (found.outcome, found.rule) == ("met", "A13")


def test_another_qualifying_course_carries_an_approved_coop_too() -> None:
    """A13: what is waived is the course in each term."""
    assert evaluated(coop(), row()).outcome == "met"


def test_an_approved_coop_without_any_row_misses_one_thing_not_one_for_each_term() -> None:
    """A13, R63."""
    evaluation = evaluated(coop())
    [short] = [found for found in evaluation.findings if found.outcome == "not_met"]

    assert evaluation.outcome == "not_met"
    assert (short.code, short.rule) == ("not_enrolled", "A13")
    assert "or any other term" in short.message


def test_the_term_nearest_to_success_is_named_for_an_approved_coop() -> None:
    """A13, interfaces.md exact answers."""
    evaluation = evaluated(coop(), dropped(strm=SUMMER), coop_row(status="W", reason="WAIT"))

    assert outcomes(evaluation) == [(SUMMER, "met", "coop_exempt"), (FALL, "not_met", "wait_listed")]


def test_a_coop_that_is_not_approved_needs_each_term() -> None:
    """R26: the exemption follows the contract, not the tick-box."""
    found = finding(coop(coop=None), coop_row(strm=SUMMER))

    assert (found.outcome, found.code, found.rule) == ("not_met", "not_enrolled", "R26")


def test_a_coop_row_whose_contract_is_pending_has_not_too_few_credits() -> None:
    """interfaces.md, exact answers; A13."""
    assert evaluated(coop(coop=None), coop_row(strm=SUMMER), coop_row()).outcome == "met"


def test_an_approved_contract_exempts_whatever_route_was_ticked() -> None:
    """R26."""
    assert evaluated(coop(route="credit"), coop_row()).outcome == "met"


def test_a_coop_row_on_the_credit_route_without_a_contract_earns_no_credit() -> None:
    """A11, A13."""
    assert finding(coop(route="credit", coop=None), coop_row()).code == "too_few_credits"


@pytest.mark.parametrize(
    ("subject", "number", "counts"), [("UMASS", "398C", True), ("COMPSCI", "398C", False), ("UMASS", "398", False)]
)
def test_only_the_coop_programs_own_courses_need_no_credit(subject: str, number: str, counts: bool) -> None:
    """A13."""
    found = finding(coop(), coop_row(subject=subject, catalog_nbr=number))

    assert (found.code == "enrolled") is counts


@pytest.mark.parametrize("asked", [coop(student=GRADUATE), coop(student=GRADUATE, coop=None)])
def test_a_graduates_coop_is_flagged(asked: Facts) -> None:
    """A18."""
    assert "graduate_coop" in flag_codes(evaluated(asked))
    assert "graduate_coop" not in flag_codes(evaluated(coop()))


def test_a_graduates_approved_coop_is_exempt_unless_the_office_sets_otherwise() -> None:
    """A11 (any route but co-op), A18, R25."""
    asked, rows = coop(student=GRADUATE), read(coop_row())

    assert evaluate(asked, rows, CALENDAR).outcome == "met"
    assert evaluate(asked, rows, CALENDAR, Policy(CODES, graduate_coop_exempt=False)).outcome == "not_met"


def test_continuous_enrollment_carries_no_graduates_coop_either() -> None:
    """R29, A13."""
    assert finding(coop(student=GRADUATE), continuous(units="1")).code == "continuous_enrollment_only"


def test_a_summer_job_is_flagged_and_needs_its_row_in_summer() -> None:
    """A18."""
    asked = coop(coop=SUMMER_CONTRACT, **IN_SUMMER)

    evaluation = evaluated(asked, coop_row(strm=SUMMER))

    assert (evaluation.outcome, flag_codes(evaluation)) == ("met", {"summer_only_coop"})
    without = evaluated(asked)
    assert (outcomes(without), without.findings[0].rule) == ([(SUMMER, "not_met", "not_enrolled")], "R21")


@pytest.mark.parametrize(("exempt", "flags", "rule"), [(False, {"summer_only_coop"}, "R21"), (True, set(), "A13")])
def test_a_coop_in_summer_alone_is_one_where_the_office_sets_so(exempt: bool, flags: set[str], rule: str) -> None:
    """A18."""
    asked = coop(coop=SUMMER_CONTRACT, **IN_SUMMER)
    policy = Policy(CODES, summer_coop_exempt=exempt)

    assert flag_codes(evaluate(asked, read(coop_row(strm=SUMMER)), CALENDAR, policy)) == flags
    assert evaluate(asked, read(), CALENDAR, policy).findings[0].rule == rule


def test_a_coop_that_reaches_into_fall_is_no_summer_job() -> None:
    """A18."""
    assert "summer_only_coop" not in flag_codes(evaluated(coop()))


def test_the_contracts_dates_belong_to_the_span_that_is_evaluated() -> None:
    """R59: the authorization follows the contract, so summer counts though the offer starts in fall."""
    asked = coop(start_date=date(2026, 9, 14), coop=CONTRACT)

    assert [found.strm for found in evaluated(asked).findings] == [SUMMER, FALL]

"""The code sets of SPIRE: shipped as documented, loaded whole or not at all."""

from dataclasses import replace
from typing import Any

import pytest

from enrollment_sync.code_sets import InvalidCodes, form_of, parse_codes
from enrollment_sync.domain import Policy, UnknownCode, looks_like_training
from tests.unit.enrollment.make import (
    CALENDAR,
    CODES,
    FALL,
    GRADUATE,
    dropped,
    evaluate,
    facts,
    finding,
    read,
    row,
    term_withdrawal,
)


def test_the_documented_codes_are_shipped() -> None:
    """docs/glossary.md, docs/connect.md, case 8, case 75."""
    reasons = ["ENRL", "EWAT", "WAIT", "DROP", "DRWL", "WDRW", "CANC", "ADRP"]
    reasons += ["FULL", "TIME", "TIMR", "TLIM", "SLIM", "ALIM", "RCAP", "RCMP", "CREQ"]

    assert CODES.statuses == {"E": "enrolled", "D": "dropped", "W": "wait_listed"}
    assert CODES.reasons.keys() == set(reasons)
    assert CODES.actions.keys() == set("EDSWMACRP")
    assert CODES.withdraw_codes == {"WDR": "ends", "CAN": "ends", "NWD": "none"}
    assert CODES.withdrawal_grades == {"W", "DR", "WP", "WF"}


@pytest.mark.parametrize("code", ["X", "e", "", " E"])
def test_any_other_status_is_unknown(code: str) -> None:
    """Case 8: neither enrolled nor withdrawn is assumed."""
    assert not CODES.knows("status", code)


@pytest.mark.parametrize("blank", [None, ""])
def test_a_blank_reason_is_no_unknown_one(blank: str | None) -> None:
    """SPIRE gives no reason where there is none."""
    CODES.require(("reason", blank))


def test_every_unknown_code_is_named_at_once() -> None:
    """Case 8, case 66: and no person."""
    with pytest.raises(UnknownCode, match=r"^unknown code: status X, reason GONE, action Z$"):
        CODES.require(("status", "X"), ("reason", "GONE"), ("action", "E"), ("action", "Z"), ("withdraw_code", None))


def test_an_unheard_of_grade_or_component_is_no_unknown_code() -> None:
    """docs/connect.md: they never park."""
    assert finding(facts(), row(grade="ZZ", component="???")).outcome == "met"


def test_the_form_is_read_back_the_same() -> None:
    """Case 8."""
    assert parse_codes(form_of(CODES)) == CODES


def test_every_fault_of_a_form_is_named_at_once() -> None:
    """Case 8: nothing is loaded in part."""
    form: dict[str, Any] = form_of(CODES) | {
        "version": 0,
        "statuses": {"E": "sitting"},
        "training_numbers": ["x98", "a course about Ana Lima"],
        "colors": [],
    }
    del form["audit_bases"]

    with pytest.raises(InvalidCodes) as refusal:
        parse_codes(form)

    places = {fault.partition(":")[0] for fault in refusal.value.faults}
    assert places == {"version", "statuses.E", "training_numbers.1", "colors", "audit_bases"}
    assert "Ana" not in str(refusal.value)


def test_what_a_code_means_is_what_the_office_loaded() -> None:
    """Case 75, A23: a status, a reason, a withdraw code, a grade and a training number of the office's own."""
    codes = replace(
        CODES,
        statuses={**CODES.statuses, "X": "dropped"},
        reasons={**CODES.reasons, "LEFT": "withdrawn", "NOPE": "never_enrolled"},
        withdraw_codes={**CODES.withdraw_codes, "LOA": "ends"},
        withdrawal_grades=frozenset({"Q"}),
        training_numbers=frozenset({"777"}),
    )

    def code(*entries: Any) -> str:
        found = evaluate(facts(), read(*entries), CALENDAR, Policy(codes)).finding(FALL)
        assert found is not None
        return found.code

    assert code(row(status="X")) == code(row(reason="LEFT")) == code(row(grade="Q")) == "withdrawn"
    assert code(row(), term_withdrawal("LOA")) == "withdrawn"
    assert code(row(), term_withdrawal("NWD")) == code(row(grade="W")) == "enrolled"
    assert code(dropped(reason="NOPE")) == "not_enrolled"
    assert looks_like_training(("COMPSCI", "777"), codes)
    assert not looks_like_training(("COMPSCI", "698"), codes)


def test_continuous_enrollment_and_coop_courses_are_codes_too() -> None:
    """R29, A13."""
    codes = replace(CODES, continuous_numbers=frozenset({"888"}), coop_courses=frozenset({"UMASS 500C"}))
    asked = facts(student=GRADUATE)

    answer = evaluate(asked, read(row(catalog_nbr=" 888")), CALENDAR, Policy(codes))

    assert [found.code for found in answer.findings] == ["continuous_enrollment_only"]
    assert looks_like_training(("UMASS", "500C"), codes)

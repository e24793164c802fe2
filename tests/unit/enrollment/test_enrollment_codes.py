import pytest

from enrollment_sync.domain import (
    UnknownCode,
    known_action,
    known_reason,
    known_status,
    known_withdraw_code,
    require_known,
)
from tests.unit.enrollment.make import row, term_withdrawal


def test_the_documented_codes_are_known() -> None:
    """docs/glossary.md, docs/connect.md."""
    reasons = ["ENRL", "EWAT", "WAIT", "DROP", "DRWL", "WDRW", "CANC", "ADRP"]
    reasons += ["FULL", "TIME", "TIMR", "TLIM", "SLIM", "ALIM", "RCAP", "RCMP", "CREQ"]

    assert all(map(known_status, "EDW"))
    assert all(map(known_reason, reasons))
    assert all(map(known_action, "EDSWMACRP"))
    assert all(map(known_withdraw_code, ["NWD", "WDR"]))


@pytest.mark.parametrize("code", ["X", "e", "", " E"])
def test_any_other_status_is_unknown(code: str) -> None:
    """Case 8: neither enrolled nor withdrawn is assumed."""
    assert not known_status(code)
    with pytest.raises(UnknownCode):
        row(status=code)


@pytest.mark.parametrize("blank", [None, ""])
def test_a_blank_reason_is_no_unknown_one(blank: str | None) -> None:
    """SPIRE gives no reason where there is none."""
    assert row(reason=blank).status == "E"


def test_every_unknown_code_is_named_at_once() -> None:
    """Case 8."""
    with pytest.raises(UnknownCode) as refusal:
        require_known(("status", "X"), ("reason", "GONE"), ("action", "E"), ("action", "Z"), ("withdraw_code", None))

    assert refusal.value.codes == ("status X", "reason GONE", "action Z")


def test_a_row_names_all_its_unknown_codes_and_no_person() -> None:
    """Case 8, case 66."""
    with pytest.raises(UnknownCode, match=r"^unknown code: status X, reason GONE$"):
        row(status="X", reason="GONE")


def test_an_unknown_withdraw_code_is_refused() -> None:
    """docs/connect.md."""
    with pytest.raises(UnknownCode, match="withdraw_code LOA"):
        term_withdrawal("LOA")


def test_an_unheard_of_grade_or_component_is_no_unknown_code() -> None:
    """docs/connect.md: they never park."""
    assert row(grade="ZZ", component="???").grade == "ZZ"

"""Generated pages are as they would be written now."""

from infra import settings_tables
from tests import rules


def test_the_page_of_rules_is_fresh():
    assert rules.PAGE.read_text("utf-8") == rules.page()


def test_the_tables_of_settings_are_fresh():
    assert settings_tables.stale() == []


def test_the_rules_without_a_test_do_not_become_more():
    """Each may only go down; the last issue of rules brings them to zero."""
    found = rules.tests_by_rule()
    without = {
        kind: sum(f"{kind}{n}" not in found for n in range(1, last + 1)) for kind, (_, last) in rules.KINDS.items()
    }

    assert without["R"] <= AT_MOST["R"], without
    assert without["A"] <= AT_MOST["A"], without
    assert without["P"] <= AT_MOST["P"], without


AT_MOST = {"R": 25, "A": 7, "P": 7}

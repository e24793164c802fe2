"""Generated pages are as they would be written now."""

from infra import settings_tables
from tests import rules


def test_the_page_of_rules_is_fresh():
    assert rules.PAGE.read_text("utf-8") == rules.page()
    assert rules.CASES_PAGE.read_text("utf-8") == rules.cases_page()


def test_the_tables_of_settings_are_fresh():
    assert settings_tables.stale() == []


def test_every_rule_is_held_by_a_test():
    assert rules.without_test() == []


def test_every_numbered_case_is_held_by_a_test():
    assert rules.cases_without_test() == set()


def test_every_rule_is_written_down():
    last = {"R": 63, "A": 33, "X": 12, "P": 40}

    assert list(rules.SENTENCES) == [f"{kind}{number}" for kind, end in last.items() for number in range(1, end + 1)]

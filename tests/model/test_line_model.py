"""The line's rules explored in every order; each rule's removal breaks a promise (P11, A26, cases 77, 78)."""

import pytest

from tests.model.line_model import MUTANTS, explore, start

SCENARIOS = {
    "in no term": start("no_term", "met", "met"),
    "beyond the calendar": start("beyond", "met", "beyond"),
    "both": start("no_term", "beyond", "met"),
    "slow": start("slow", "no_term", "met", time=2),
    "slow and beyond": start("beyond", "slow", "met", time=2),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_order_keeps_the_line(name):
    """Cases 77, 78, P11, A26: nobody is passed by, and nobody is held by what can never be decided."""
    found = explore(SCENARIOS[name])

    assert found.broken == []
    assert 100 < found.states < 200_000


@pytest.mark.parametrize("rule", MUTANTS)
def test_without_the_rule_the_line_breaks(rule):
    """P11, A26: the exploration can fail."""
    assert any(explore(first, rule).broken for first in SCENARIOS.values())

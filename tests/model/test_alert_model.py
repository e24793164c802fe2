"""Suspicions explored in every order; each rule's removal breaks a promise (P25, P26, cases 50, 51)."""

import pytest

from tests.model.alert_model import MUTANTS, State, explore

SCENARIOS = {
    "a drop": State(budget=(1, 0)),
    "there and back": State(budget=(2, 0)),
    "dropped again": State(budget=(3, 0)),
    "SPIRE is silent": State(budget=(2, 1)),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_suspicion_is_decided_by_a_read_that_may(name):
    """Cases 50, 51, P25, P26."""
    found = explore(SCENARIOS[name])

    assert found.broken == []
    assert 15 < found.states < 200_000


@pytest.mark.parametrize("rule", MUTANTS)
def test_without_the_rule_a_suspicion_goes_wrong(rule):
    """P25, P26: the exploration can fail."""
    assert any(explore(first, rule).broken for first in SCENARIOS.values())

"""The watch's rules explored in every order; each rule's removal breaks a promise (P17, P25, P26, A23, A24)."""

import pytest

from tests.model.watch_model import MUTANTS, explore, start

SCENARIOS = {
    "returns": start(other=True, drop=2, re_add=2, drop_other=1),
    "swaps": start(other=False, swap=1, re_add=1, drop=1, confirm=1, drop_other=1),
    "all along": start(other=True, drop=1, re_add=1),
    "forged": start(other=True, drop=1, silent_drop=1, re_add=1, forge=1),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_order_keeps_the_promises(name):
    """Cases 50, 71, 74, 85, P17, P25, P26, A23, A24."""
    found = explore(SCENARIOS[name])

    assert found.broken == []
    assert 20 < found.states < 200_000


@pytest.mark.parametrize("rule", MUTANTS)
def test_without_the_rule_a_promise_breaks(rule):
    """P17, P25, A23, A24: the exploration can fail."""
    assert any(explore(first, rule).broken for first in SCENARIOS.values())

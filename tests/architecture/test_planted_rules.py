"""What is broken on purpose for each rule still fits the source; `python -m tests.mutations` runs it."""

import ast

import pytest

from tests import mutations
from tests.planted import not_broken_yet, read_list
from tests.rules import ROOT

PLANTED = read_list()


@pytest.mark.parametrize("mutation", PLANTED, ids=lambda one: f"{one.rule} {one.broken}")
def test_a_planted_change_still_applies(mutation):
    """Each text stands in its file exactly once, and what it becomes is still Python."""
    assert list(mutation.unfit(ROOT)) == []
    for edit in mutation.edits:
        if edit["file"].endswith(".py"):
            ast.parse((ROOT / edit["file"]).read_text("utf-8").replace(edit["old"], edit["new"]))


def test_every_computed_rule_is_broken_on_purpose():
    assert not_broken_yet(PLANTED) == []


def test_the_page_of_mutations_knows_no_survivor_and_nothing_that_is_not_planted():
    """Written by `python -m tests.mutations --write`."""
    page = mutations.rows(mutations.PAGE.read_text("utf-8"))

    assert page.keys() <= {(f"| {one.rule}", one.broken) for one in PLANTED}
    assert [line for line in page.values() if mutations.SURVIVOR in line] == []

"""The bugs that are planted on purpose still fit the source, and cover every promise."""

import pytest

from infra.chaos.planted import ROOT, read_list

BUGS, GROUPS = read_list()


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_still_applies(bug):
    """Issue 5: each planted bug is a substitution whose text stands in the source exactly once."""
    assert list(bug.unfit(ROOT)) == []


def test_every_promise_has_a_planted_bug():
    """Issue 5: at least fourteen, one per promise."""
    assert {bug.promise for bug in BUGS} == set(range(1, 15))


@pytest.mark.parametrize("group", GROUPS)
def test_the_bugs_of_a_group_edit_different_texts(group):
    """Planted together, each must still be found by its own words."""
    edits = [(edit["file"], edit["old"]) for bug in BUGS if bug.group == group for edit in bug.edits]
    says = [(bug.promise, bug.says) for bug in BUGS if bug.group == group]

    assert len(edits) == len(set(edits))
    assert len(says) == len(set(says))

"""A stranger can follow docs/architecture.md from the form to the email."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STEPS = [
    [re.findall(r"`([^`]+\.py)`", part) for part in chain.split(" → ")]
    for line in (ROOT / "docs/architecture.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and ".py`" in line
    for chain in line.split(", then ")
]
CALLS = [
    (caller, called) for step in STEPS for callers, found in pairwise(step) for caller in callers for called in found
]


@pytest.mark.parametrize("path", sorted({file for step in STEPS for part in step for file in part}))
def test_each_file_on_the_way_of_an_event_exists(path):
    assert (ROOT / path).is_file()


@pytest.mark.parametrize(("caller", "called"), CALLS)
def test_an_arrow_means_that_one_file_names_the_other(caller, called):
    assert re.search(rf"\b{Path(called).stem}\b", (ROOT / caller).read_text(encoding="utf-8"))

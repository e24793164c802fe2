"""Some schedules of the services on real PostgreSQL, a schedule that repeats itself, and bugs that still can be planted."""

from random import Random

import pytest

from infra.devstack.run_folder import ROOT
from tests.simulation.choices import Choices
from tests.simulation.ground import a_ground
from tests.simulation.planted import read_list
from tests.simulation.schedule import Told, play
from tests.simulation.shrink import shrink

SEEDS, STEPS = range(1, 5), 150


def test_every_promise_holds_in_some_schedules_and_a_schedule_repeats_itself(postgres, tmp_path):
    """Processes crash, wait, hear twice and lose a partition at any statement; `make simulate` runs more."""
    with a_ground(postgres, tmp_path) as (run, ground):
        told = [run(play(ground, Random(seed), STEPS)) for seed in SEEDS]
        assert [one.broken for one in told] == [[]] * len(SEEDS)
        again = run(play(ground, told[0].choices, STEPS))

    assert again.story == told[0].story


def test_what_breaks_a_promise_becomes_short():
    """Only the two choices that matter are left, and the story with them."""

    def play_again(choices):
        drawn = Choices(choices)
        taken = [drawn.one_of(10) for _ in range(20)]
        return Told(taken, [], ["a 1 b"] if taken[3] and taken[7] else [])

    short = shrink(play_again([5] * 20), play_again)

    assert [place for place, choice in enumerate(short.choices) if choice] == [3, 7]


@pytest.mark.parametrize("bug", read_list(), ids=lambda bug: bug.name)
def test_a_planted_bug_still_applies(bug):
    assert list(bug.unfit(ROOT)) == []

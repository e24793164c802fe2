"""What many runs found is added up without flattering."""

import random
from collections import Counter
from itertools import islice

from infra.chaos import hail
from infra.chaos.night import table


def _report(seed, violations, *faults):
    names = ("kind", "recovery", "skipped")
    return {"seed": seed, "violations": violations, "faults": [dict(zip(names, one, strict=True)) for one in faults]}


def test_runs_in_pieces_are_one_table():
    """What could not be brought about does not count; what was not measured has no recovery; the same seed is one.

    Each kind has its aim, and says how often it was missed.
    """
    told = table(
        [
            _report(1, 0, ("kill", 4.0, ""), ("lock_waits", None, ""), ("disk_full", None, "only root may")),
            _report(2, 1, ("kill", 8.0, ""), ("kill", 5.0, "")),
            _report(2, 0, ("kill", 5.0, "")),
        ]
    )

    assert "| `kill` | 4 | 5.0 s | 8.0 s | 5 s | 1 of 4 |" in told
    assert "| `lock_waits` | 1 | | | 3 s | |" in told
    assert "disk_full" not in told
    assert told.endswith("5 faults, 2 seeds, 1 violations")


def test_a_hail_never_ends_a_worker_and_follows_its_seed():
    first, again = (list(islice(hail._short(random.Random(7)), 300)) for _ in range(2))

    assert [(one.kind, one.target) for one in first] == [(one.kind, one.target) for one in again]
    assert not [one for one in first if one.target.endswith("worker")]
    assert len(Counter(one.kind for one in first)) == len(hail.BESIDE | hail.OF_WEB)

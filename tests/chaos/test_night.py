"""What many runs found is added up without flattering."""

import random
from collections import Counter
from itertools import islice

from infra.chaos import hail
from infra.chaos.faults.catalog import catalog
from infra.chaos.runs import DOCUMENT, kept_of, read_kept, table, written


def _report(seed, violations, *faults):
    names = ("kind", "target", "recovery", "skipped")
    told = [dict(zip(names, one, strict=True)) for one in faults]
    return kept_of({"seed": seed, "commit": "c", "seconds": 60, "violations": violations, "faults": told})


def test_runs_in_pieces_are_one_table():
    """What could not be brought about does not count; what was not measured has no recovery; the same seed is one.

    Each kind has its aim, and says how often it was missed; a search of schedules is counted beside the attacks.
    """
    worker, web, store = "review-worker", "review-web", "document store"
    told = table(
        [
            _report(
                1, 0, ("kill", worker, 4.0, ""), ("lock_waits", "postgres", None, ""), ("disk_full", store, None, "no")
            ),
            _report(2, 1, ("kill", worker, 8.0, ""), ("kill", worker, 5.0, ""), ("kill", web, 3.5, "")),
            _report(2, 0, ("kill", worker, 5.0, ""), ("broker_kill", "kafka", 10.0, "")),
            kept_of({"schedules": 40, "first": 1, "steps": 120, "seconds": 9, "broken": [], "choices": []}),
        ]
    )

    assert "| `kill` of a worker | 4 | 5.0 s | 8.0 s | 5 s | 1 of 4 | none |" in told
    assert "| `kill` of a web process | 1 | 3.5 s | 3.5 s | 3 s | 1 of 1 | none |" in told
    assert "| `broker_kill` | 1 | 10.0 s | 10.0 s | 10 s | 0 of 1 | none |" in told
    assert "| `lock_waits` | 1 | | | 3 s | |" in told
    assert "| `disk_full` | 0 |" in told
    assert "7 faults in 3 runs over 2 seeds, 2 a minute; 1 violations." in told
    assert "40 simulated schedules in 1 searches" in told


def test_the_handbook_shows_the_runs_that_were_kept():
    """`python -m infra.chaos.runs` makes its tables: a fault that no kept run has met has its line, too."""
    document = DOCUMENT.read_text("utf-8")

    assert written(document, read_kept()) == document
    assert all(f"| `{fault.kind}`" in document for fault in catalog())


def test_a_hail_never_ends_a_worker_and_follows_its_seed():
    first, again = (list(islice(hail._short(random.Random(7)), 300)) for _ in range(2))

    assert [(one.kind, one.target) for one in first] == [(one.kind, one.target) for one in again]
    assert not [one for one in first if one.target.endswith("worker")]
    assert len(Counter(one.kind for one in first)) == len(hail.BESIDE | hail.OF_WEB)

"""What starts first, and what stays together where several workers share the tests."""

from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

STORIES = (
    ("chaos/test_smoke", "one"),
    ("acceptance/test_restore", "other"),
    ("acceptance/test_observability", "one"),
    ("acceptance/test_connect", "one"),
    ("acceptance/test_documented", "one"),
    ("acceptance/test_story", "one"),
    ("browser/", "other"),
)
"""Each needs a stack and waits more than it works. Two workers play them all, so that no more than two stacks run at
once, while the others fill the pauses; of those who share a stack, whoever needs it untouched comes first.
"""
LONG = ("interleavings/", "integration/test_devstack", "security/", "deployment/")
HERE = Path(__file__).parent


ONE_TOPIC = tuple((f"component/test_{name}", "campus") for name in ("campus", "receipts", "traces"))
"""They read what was sent to the campus's topics, which have one name for all."""

ONE_BROKER = tuple((f"integration/test_{name}", "broker") for name in ("broker_faults", "partitions"))
"""They hurt a broker of their own, one after the other."""


class Together(LoadScopeScheduling):  # type: ignore[misc]  # the library is not typed
    """A file's tests together, for they share what it makes; the stories on the workers that STORIES names."""

    def _split_scope(self, nodeid: str) -> str:
        place = nodeid.removeprefix("tests/")
        return next(
            (worker for start, worker in STORIES + ONE_TOPIC + ONE_BROKER if place.startswith(start)),
            place.split("::")[0],
        )


def arrange(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _rank(_place(item)))


def _place(item: pytest.Item) -> str:
    return str(item.path.relative_to(HERE)) if HERE in item.path.parents else ""


def _rank(place: str) -> int:
    starts = (*(start for start, _ in STORIES), *LONG)
    return next((rank for rank, start in enumerate(starts) if place.startswith(start)), len(starts))

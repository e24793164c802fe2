"""What starts first, and what stays together where several workers share the tests."""

from pathlib import Path

import pytest

FIRST = (
    *("chaos/test_smoke", "acceptance/test_restore", "acceptance/test_story", "browser"),
    *("acceptance/test_observability", "acceptance/test_connect", "acceptance/test_documented", "interleavings"),
    *("integration/test_devstack", "security", "deployment"),
)
"""They wait more than they work, so that the others fill their pauses; who shares a stack, the shyest first."""
TOGETHER = {
    "browser/": "browser",
    **dict.fromkeys(
        ("acceptance/test_observability", "acceptance/test_connect", "acceptance/test_documented"), "shared"
    ),
}
"""Each on one worker, for its stack is started once."""
HERE = Path(__file__).parent


def arrange(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _rank(_place(item)))
    for item in items:
        for start, stack in TOGETHER.items():
            if _place(item).startswith(start):
                item.add_marker(pytest.mark.xdist_group(stack))


def _place(item: pytest.Item) -> str:
    return str(item.path.relative_to(HERE)) if HERE in item.path.parents else ""


def _rank(place: str) -> int:
    return next((rank for rank, name in enumerate(FIRST) if place.startswith(name)), len(FIRST))

"""Medians with spreads, as lines of a table."""

from collections.abc import Iterable, Sequence
from statistics import median


def spread(values: Sequence[float], digits: int = 0) -> str:
    """Median, and the lowest and highest of all rounds."""
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def quantile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def show(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """As Markdown, so that it can be pasted into docs/performance.md."""
    print(f"\n### {title}\n\n| {' | '.join(head)} |\n|{' --- |' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")

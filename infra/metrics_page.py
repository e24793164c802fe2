"""Writes docs/metrics.md from the list of metrics: `python -m infra.metrics_page write|check`."""

import sys
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import Counter, Gauge, Histogram

from cpt.runtime import metrics
from cpt.runtime.readings import DatabaseGauge, Distribution

PAGE = Path(__file__).parents[1] / "docs" / "metrics.md"
HEAD = """# Metrics

Every process shows its metrics at `/metrics` of its port for probes. This page is made of the typed list in
`shared/src/cpt/runtime/metrics.py` by `python -m infra.metrics_page write`; a test fails where it is stale.

*Readings* are numbers of the database. A worker reads them by a few set-based queries every 5 or 15 seconds and shows
nothing before its first look; each replica shows the same number, so take `max by (process)` and never the sum. *Counted*
metrics are of one process: take the sum over `rate(…)`. The exceptions are `cpt_consumer_lag` and
`cpt_consumer_silent_seconds`: each replica shows its own. The label `process` (`review-worker`) is added by the ServiceMonitor. No label holds personal data or ids.

| metric | type | labels | source | meaning |
| --- | --- | --- | --- | --- |
"""

Metric = DatabaseGauge | Distribution | Counter | Gauge | Histogram


def listed() -> Iterator[Metric]:
    """In the order of the list."""
    yield from (value for value in vars(metrics).values() if isinstance(value, Metric))


def series() -> dict[str, frozenset[str]]:
    """The names that a query may use, with their labels."""
    found: dict[str, frozenset[str]] = {}
    for metric in listed():
        name, kind, labels, _ = _facts(metric)
        ends = {"counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_sum", "_count"]}[kind]
        found |= {f"{name}{end}": frozenset(labels) | ({"le"} if end == "_bucket" else set()) for end in ends}
    return found


def page() -> str:
    return HEAD + "".join(f"{row}\n" for row in map(_row, listed()))


def _facts(metric: Metric) -> tuple[str, str, tuple[str, ...], str]:
    """Name without ending, type, labels, meaning."""
    if isinstance(metric, DatabaseGauge | Distribution):
        return metric.name, metric.kind, metric.labels, metric.meaning
    (family,) = metric.describe()
    return family.name, family.type, tuple(metric._labelnames), family.documentation  # noqa: SLF001 there is no other way


def _row(metric: Metric) -> str:
    name, kind, labels, meaning = _facts(metric)
    source = "reading" if isinstance(metric, DatabaseGauge | Distribution) else "counted"
    shown = f"{name}_total" if kind == "counter" else name
    return f"| `{shown}` | {kind} | {' '.join(f'`{label}`' for label in labels)} | {source} | {meaning} |"


def main() -> int:
    if sys.argv[1:] == ["write"]:
        PAGE.write_text(page(), "utf-8")
    elif PAGE.read_text("utf-8") != page():
        print(f"{PAGE} is stale: python -m infra.metrics_page write")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Metrics whose truth lies in the database: shown from the first reading on, and never counted in memory."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector


class DatabaseGauge(Collector):
    """Every replica shows the same number: a query takes the maximum, never the sum."""

    def __init__(self, kind: Literal["gauge", "counter"], name: str, meaning: str, labels: Sequence[str] = ()) -> None:
        self.kind, self.name, self.meaning, self.labels = kind, name, meaning, tuple(labels)
        self._values: Mapping[Any, float] | None = None
        REGISTRY.register(self)

    def show(self, value: float) -> None:
        self.show_all({(): value})

    def show_all(self, values: Mapping[Any, float]) -> None:
        """By a tuple of label values. What is not named any more is not shown any more."""
        assert all(len(labels) == len(self.labels) for labels in values), f"{self.name} has the labels {self.labels}"
        self._values = dict(values)

    def describe(self) -> Iterable[Metric]:
        family = CounterMetricFamily if self.kind == "counter" else GaugeMetricFamily
        return [family(self.name, self.meaning, labels=self.labels)]

    def collect(self) -> Iterable[Metric]:
        for family in self.describe() if self._values is not None else ():
            for labels, value in sorted((self._values or {}).items()):
                family.add_metric(labels, value)  # type: ignore[attr-defined]  # both kinds of family have it
            yield family


class Distribution(Collector):
    """A histogram whose values are kept rows, so that a restart forgets none and a replay adds none."""

    kind = "histogram"

    def __init__(self, name: str, meaning: str, label: str, limits: Sequence[float]) -> None:
        self.name, self.meaning, self.labels = name, meaning, (label,)
        self.limits = (*limits, float("inf"))
        self._rows: Mapping[str, tuple[Sequence[float], float]] | None = None
        REGISTRY.register(self)

    def show(self, rows: Mapping[str, tuple[Sequence[float], float]]) -> None:
        """By label: how many values are at most each limit, and the sum of all."""
        self._rows = dict(rows)

    def describe(self) -> Iterable[Metric]:
        return [HistogramMetricFamily(self.name, self.meaning, labels=self.labels)]

    def collect(self) -> Iterable[Metric]:
        if self._rows is None:
            return
        family = HistogramMetricFamily(self.name, self.meaning, labels=self.labels)
        for label, (counts, total) in sorted(self._rows.items()):
            names = [*(str(float(limit)) for limit in self.limits[:-1]), "+Inf"]
            family.add_metric([label], list(zip(names, counts, strict=True)), total)
        yield family

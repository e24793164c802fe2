"""Metrics are one typed list: named alike, written down, and free of people."""

import re
from collections import Counter

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from prometheus_client import REGISTRY, generate_latest

from cpt.runtime import metrics
from cpt.runtime.observed import Observed
from cpt.runtime.readings import DatabaseGauge, Distribution
from infra import metrics_page

OF_PEOPLE = re.compile(r"emplid|student|name|email|sevis|adviser|person|request|case_id|employer|subject")


def shown(prefix):
    """The lines that a scrape would read."""
    return [line for line in generate_latest(REGISTRY).decode().splitlines() if line.startswith(prefix)]


def counted():
    """Requests by method, route and status; the registry is the process's, so other tests count in it too."""
    samples = [
        sample for family in REGISTRY.collect() for sample in family.samples if sample.name == "cpt_http_seconds_count"
    ]
    return Counter(
        {tuple(sample.labels[of] for of in ("method", "route", "status")): sample.value for sample in samples}
    )


def test_the_page_of_metrics_is_fresh():
    assert metrics_page.PAGE.read_text("utf-8") == metrics_page.page()


def test_no_label_could_hold_a_person():
    """Case 66: no personal data in metric labels."""
    labels = {label for found in metrics_page.series().values() for label in found}

    assert [label for label in labels if OF_PEOPLE.search(label)] == []


def test_every_metric_says_its_unit_and_its_owner():
    for name in metrics_page.series():
        assert name.startswith("cpt_"), name
        assert not re.search(r"_(minutes|hours|days|ms)\b", name), name


def test_a_reading_is_not_shown_before_the_first_look_and_forgets_what_is_gone():
    reading = DatabaseGauge("gauge", "test_reading", "…", ["state"])
    try:
        before = shown("test_reading")
        reading.show_all({("a",): 1, ("b",): 2})
        reading.show_all({("b",): 3})

        assert (before, shown("test_reading")) == ([], ['test_reading{state="b"} 3.0'])
    finally:
        REGISTRY.unregister(reading)


def test_what_lies_in_the_database_can_be_a_counter_and_a_histogram():
    counter, spread = DatabaseGauge("counter", "test_read", "…"), Distribution("test_spread", "…", "since", [1, 5])
    try:
        counter.show(7)
        spread.show({"received": ([1, 2, 2], 4.5)})

        assert shown("test_read_total") == ["test_read_total 7.0"]
        assert shown("test_spread_bucket")[-1] == 'test_spread_bucket{le="+Inf",since="received"} 2.0'
        assert shown("test_spread_sum") == ['test_spread_sum{since="received"} 4.5']
    finally:
        REGISTRY.unregister(counter)
        REGISTRY.unregister(spread)


async def test_requests_are_counted_by_route_and_never_by_address():
    """Addresses hold ids; whatever a stranger asks for makes no new label."""
    app = FastAPI()
    app.add_middleware(Observed, frozenset({"/livez"}))
    app.add_api_route("/api/things/{thing}", lambda thing: thing)
    before = counted()
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as http:
        for path in ("/api/things/30012345", "/wp-login.php", "/livez"):
            await http.request("GET", path)
        await http.request("BREW", "/api/things/30012345")

    assert sorted((counted() - before).items()) == [
        (("GET", "/api/things/{thing}", "2xx"), 1),
        (("GET", "unknown", "4xx"), 1),
        (("other", "/api/things/{thing}", "4xx"), 1),
    ]


def test_every_metric_is_set_somewhere():
    """One that nobody sets would keep a rule silent for ever."""
    names = {name for name, value in vars(metrics).items() if isinstance(value, metrics_page.Metric)}
    root = metrics_page.PAGE.parents[1]
    sources = [*root.glob("services/*/src/**/*.py"), *root.glob("shared/src/**/*.py")]
    used = "".join(path.read_text("utf-8") for path in sources if path.name != "metrics.py")

    assert [name for name in sorted(names) if not re.search(rf"\b{name}\.(labels|show|show_all)\(", used)] == []

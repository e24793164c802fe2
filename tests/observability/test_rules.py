"""Every alert rule is proven in both directions by promtool, stands on metrics that exist, and has a page."""

import pytest
import yaml

from infra import metrics_page
from tests.observability.tools import HERE, RUNBOOKS, judged, labels_used, rules

AUDIENCES = ("compliance", "office", "platform")
ADDED = {"process"}
"""Labels that the ServiceMonitor adds."""


@pytest.mark.parametrize("audience", AUDIENCES)
def test_each_rule_speaks_when_it_must_and_only_then(audience):
    answer = judged("test", "rules", HERE / "tests" / f"{audience}.yaml")

    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_rules_are_well_formed():
    answer = judged("check", "rules", *(HERE / "rules").glob("*.yaml"))

    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_no_rule_is_without_both_proofs():
    """A rule that never was silent, or never spoke, is not proven."""
    proofs = {"silent": set(), "speaking": set()}
    for path in (HERE / "tests").glob("*.yaml"):
        for test in yaml.safe_load(path.read_text())["tests"]:
            for proof in test["alert_rule_test"]:
                proofs["speaking" if proof["exp_alerts"] else "silent"].add(proof["alertname"])

    named = {rule["alert"] for _, rule in rules()}
    assert (proofs["silent"], proofs["speaking"]) == (named, named)


def test_every_rule_stands_on_the_list_of_metrics():
    """A misspelt metric or label would keep a rule silent for ever."""
    known = metrics_page.series()
    for _, rule in rules():
        for name, labels in labels_used(rule["expr"]):
            assert name in known, f"{rule['alert']}: {name}"
            assert labels <= known[name] | ADDED, f"{rule['alert']}: {name}{labels}"


def test_every_rule_has_a_page_and_every_page_a_rule():
    pages = {rule["alert"]: rule["annotations"]["runbook_url"] for _, rule in rules()}

    assert pages == {name: f"docs/runbooks/{name}.md" for name in pages}
    assert set(pages) == {path.stem for path in RUNBOOKS.glob("Cpt*.md")}


def test_every_rule_says_whom_it_wakes():
    for audience, rule in rules():
        assert rule["labels"]["audience"] == audience
        assert rule["labels"]["severity"] in ("page", "ticket")

"""The objectives are measured by queries that work, and each has a rule that speaks first."""

import re

import pytest
import yaml

from infra import metrics_page
from tests.observability.tools import ROOT, judged, labels_used, rules

TEXT = (ROOT / "docs" / "slo.md").read_text("utf-8")
QUERIES = re.findall(r"```promql\n(.*?)```", TEXT, re.DOTALL)


def test_every_query_is_well_formed_and_stands_on_the_list_of_metrics(tmp_path):
    known = metrics_page.series()
    written = [{"record": f"objective:{number}", "expr": query} for number, query in enumerate(QUERIES)]
    (tmp_path / "queries.yaml").write_text(yaml.safe_dump({"groups": [{"name": "slo", "rules": written}]}))

    assert judged("check", "rules", tmp_path / "queries.yaml").returncode == 0
    for name, labels in (found for query in QUERIES for found in labels_used(query)):
        assert labels <= known.get(name, labels), f"{name}{labels}"


MONTHS = {
    "a good month": {
        'cpt_http_seconds_count{status="2xx"': "0+1x3000",
        'cpt_http_seconds_bucket{status="2xx",le="1.0"': "0+1x3000",
        'cpt_notice_seconds_count{kind="approved"': "0+1x3000",
        'cpt_notice_seconds_bucket{kind="approved",le="60.0"': "0+1x3000",
        'cpt_alert_detection_seconds_count{since="received"': "0x3000",
        'cpt_alert_detection_seconds_bucket{since="received",le="60.0"': "0x3000",
    },
    "a month in which nobody came": {'cpt_http_seconds_count{status="2xx"': "0x3000"},
    "a bad month": {
        'cpt_http_seconds_count{status="2xx"': "0+1x3000",
        'cpt_http_seconds_count{status="5xx"': "0+1x3000",
        'cpt_http_seconds_bucket{status="2xx",le="1.0"': "0+1x3000",
        'cpt_notice_seconds_count{kind="approved"': "0+2x3000",
        'cpt_notice_seconds_bucket{kind="approved",le="60.0"': "0+1x3000",
        'cpt_alert_detection_seconds_count{since="received"': "0+2x3000",
        'cpt_alert_detection_seconds_bucket{since="received",le="60.0"': "0+1x3000",
    },
}
ALWAYS = {'up{process="notifier-worker"': "1x3000", 'up{process="review-worker"': "1x3000"}


@pytest.mark.parametrize("month", MONTHS)
def test_every_share_answers_also_where_nothing_failed_or_nothing_happened(tmp_path, month):
    """No division by nothing: a month without an error, a loss or a request is a good one, not one without a number."""
    share = 0.5 if month == "a bad month" else 1
    there = '{namespace="a",release="b"}'
    series = [
        {"series": f'{name},namespace="a",release="b"}}', "values": values}
        for name, values in (ALWAYS | MONTHS[month]).items()
    ]
    asked = [
        {
            "expr": f"round({query.strip()}, 0.001)",
            "eval_time": "30d",
            "exp_samples": [{"labels": there, "value": share}],
        }
        for query in QUERIES[:4]
    ]
    tests = [{"interval": "15m", "input_series": series, "promql_expr_test": asked}]
    (tmp_path / "test.yaml").write_text(yaml.safe_dump({"evaluation_interval": "15m", "tests": tests}))

    answer = judged("test", "rules", tmp_path / "test.yaml")

    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_scrape_config_without_the_operator_is_well_formed_and_names_the_same_labels(tmp_path):
    """Some distributions build promtool without the discovery by Kubernetes: another one takes its place for the judge."""
    path = ROOT / "infra" / "observability" / "scrape.yaml"
    other = path.read_text().replace(
        "kubernetes_sd_configs: [{role: endpointslice}]", "static_configs: [{targets: [a:1]}]"
    )
    (tmp_path / "scrape.yaml").write_text(other)
    answer = judged("check", "config", "--syntax-only", tmp_path / "scrape.yaml")
    assert answer.returncode == 0, answer.stdout + answer.stderr

    (job,) = yaml.safe_load(path.read_text())["scrape_configs"]
    golden = (ROOT / "tests" / "deployment" / "golden" / "everything.yaml").read_text("utf-8")
    (monitor,) = [d for d in yaml.safe_load_all(golden) if d and d["kind"] == "ServiceMonitor"]
    wanted = {(tuple(r["sourceLabels"]), r["targetLabel"]) for r in monitor["spec"]["endpoints"][0]["relabelings"]}
    given = {(tuple(r["source_labels"]), r["target_label"]) for r in job["relabel_configs"] if "target_label" in r}
    assert wanted <= given


def test_every_objective_has_a_query_and_a_rule_that_speaks_first():
    speaking = re.findall(r"\[(Cpt\w+)\]\(runbooks/\1\.md\)", TEXT)

    assert len(speaking) == len(QUERIES)
    assert set(speaking) <= {rule["alert"] for _, rule in rules()}

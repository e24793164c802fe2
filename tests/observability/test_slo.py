"""The objectives are measured by queries that work, and each has a rule that speaks first."""

import re

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
        assert labels <= known[name], f"{name}{labels}"


def test_every_objective_has_a_query_and_a_rule_that_speaks_first():
    speaking = re.findall(r"\[(Cpt\w+)\]\(runbooks/\1\.md\)", TEXT)

    assert len(speaking) == len(QUERIES)
    assert set(speaking) <= {rule["alert"] for _, rule in rules()}

"""Each audience has a dashboard; every query works and stands on metrics that exist."""

import json

import pytest
import yaml

from infra import metrics_page
from infra.observability import boards
from tests.observability.tools import ROOT, judged, labels_used, rules

BOARDS = {board.name: board for board in boards.boards()}
ADDED = {"process", "pod"}


@pytest.fixture(params=sorted(BOARDS))
def board(request):
    return BOARDS[request.param]


def queries(board):
    return [query for panel in board.panels for query in panel.queries.values()]


def test_there_is_one_for_each_audience_as_it_would_be_drawn_now():
    assert BOARDS.keys() == {audience for audience, _ in rules()}
    for name, board in BOARDS.items():
        assert (boards.FOLDER / f"{name}.json").read_text("utf-8") == boards.written(board), name


def test_every_query_is_well_formed(board, tmp_path):
    drawn = [query for one in queries(board) for query in (one, boards.within(one))]
    written = [{"record": f"panel:{number}", "expr": query} for number, query in enumerate(drawn)]
    (tmp_path / "queries.yaml").write_text(yaml.safe_dump({"groups": [{"name": board.name, "rules": written}]}))

    answer = judged("check", "rules", tmp_path / "queries.yaml")
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_query_stands_on_the_list_of_metrics(board):
    known = metrics_page.series()
    for name, labels in (found for query in queries(board) for found in labels_used(query)):
        assert name in known, name
        assert labels <= known[name] | ADDED, f"{name}{labels}"


def test_every_query_is_of_the_chosen_installations_alone(board):
    for target in (t for panel in json.loads(boards.written(board))["panels"] for t in panel["targets"]):
        found = [labels for _, labels in labels_used(target["expr"])]
        assert all({"namespace", "release"} <= labels for labels in found), target["expr"]
        assert found or "up{" in target["expr"]


def test_a_legend_names_only_labels_that_its_query_keeps(board):
    for panel in board.panels:
        for legend, query in panel.queries.items():
            for label in legend.replace("}}", "{{").split("{{")[1::2]:
                assert f"{label}" in query.partition("by (")[2].partition(")")[0], f"{panel.title}: {label}"


def test_whatever_a_rule_watches_can_be_seen_on_the_board_of_its_audience():
    for audience, rule in rules():
        for name, _ in labels_used(rule["expr"]):
            family = name.removesuffix("_bucket").removesuffix("_count")
            assert any(family in query for query in queries(BOARDS[audience])), f"{rule['alert']}: {name}"


def test_the_chart_brings_them_where_grafana_looks():
    golden = (ROOT / "tests" / "deployment" / "golden" / "everything.yaml").read_text("utf-8")
    maps = [d for d in yaml.safe_load_all(golden) if d and d["metadata"]["labels"].get("grafana_dashboard") == "1"]
    found = {json.loads(text)["uid"] for one in maps for text in one["data"].values()}

    assert found == {f"cpt-{name}" for name in BOARDS}

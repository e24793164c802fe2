"""docs/sizing.md says what the settings and the chart say."""

import re

import pytest

from infra import connection_budget
from tests.deployment.charts import ROOT, SERVICES, example, needs_helm, objects, render, values

UNITS = {"m": 0.001, "Mi": 2**-10, "Gi": 1.0}
COLUMNS = {"small": 0, "usual": 1, "large": 2}


def test_the_table_of_connections_is_made_of_the_settings():
    assert connection_budget.PAGE.read_text("utf-8") == connection_budget.page()


def given(size):
    own = example(size) if size != "usual" else {}
    return values("plain") | own | {"postgres": {**own.get("postgres", {}), "enabled": True}}


def quantity(text):
    number, unit = re.fullmatch(r"([0-9.]+)(\D*)", str(text)).groups()
    return float(number) * UNITS.get(unit, 1)


def row(words):
    """Its three cells."""
    (found,) = [
        line for line in (ROOT / "docs" / "sizing.md").read_text().splitlines() if line.startswith(f"| {words}")
    ]
    return [cell.strip() for cell in found.split("|")[2:5]]


@needs_helm
@pytest.mark.parametrize("size", COLUMNS)
def test_the_sizes_are_those_of_the_examples(size):
    text = render(given(size))
    least = {
        d["metadata"]["name"]: d["spec"].get("minReplicas", d["spec"].get("minReplicaCount"))
        for d in objects(text, "HorizontalPodAutoscaler", "ScaledObject")
    }
    wanted = dict.fromkeys(("cpu", "memory", "most"), 0.0)
    for deployment in objects(text, "Deployment"):
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        pods = deployment["spec"].get("replicas", least.get(deployment["metadata"]["name"]))
        wanted["cpu"] += pods * quantity(container["resources"]["requests"]["cpu"])
        wanted["memory"] += pods * quantity(container["resources"]["requests"]["memory"])
        wanted["most"] += pods * quantity(container["resources"]["limits"]["memory"])
    (cluster,) = objects(text, "Cluster")
    lines = {"cpu": "cores that", "memory": "GiB of memory that", "most": "GiB of memory at most"}

    for name, words in lines.items():
        assert row(words)[COLUMNS[size]] == f"{wanted[name]:.1f}"
    assert row("connections of")[COLUMNS[size]] == cluster["spec"]["postgresql"]["parameters"]["max_connections"]


@needs_helm
@pytest.mark.parametrize(("replicas", "pool"), [(1, 5), (2, 10), (6, 10)])
def test_the_chart_gives_each_role_what_the_table_says(replicas, pool):
    own = {"replicas": replicas}
    settings = {"CPT_POSTGRES__POOL_SIZE": str(pool)}
    text = render(given("usual") | {"web": own, "worker": own, "settings": settings})
    (cluster,) = objects(text, "Cluster")

    limits = {role["name"]: role["connectionLimit"] for role in cluster["spec"]["managed"]["roles"]}
    kinds = {name.rpartition("_")[2]: limit for name, limit in limits.items()}
    assert kinds == {
        "migrate": connection_budget.MIGRATE,
        **dict.fromkeys(("web", "worker"), connection_budget.of_role(replicas, pool)),
    }
    assert len(limits) == 3 * len(SERVICES)
    assert cluster["spec"]["postgresql"]["parameters"]["max_connections"] == str(
        connection_budget.of_server(replicas, pool)
    )


@needs_helm
def test_a_cluster_with_an_object_store_archives_and_is_backed_up():
    postgres = {"enabled": True, "storageClass": "fast", "backup": {"objectStore": "cpt-backups"}}
    text = render(values("plain") | {"postgres": postgres})
    (cluster,), (backup,) = objects(text, "Cluster"), objects(text, "ScheduledBackup")

    assert cluster["spec"]["plugins"][0]["parameters"] == {"barmanObjectName": "cpt-backups"}
    assert cluster["spec"]["storage"]["storageClass"] == "fast"
    assert backup["spec"]["cluster"]["name"] == cluster["metadata"]["name"]
    assert backup["spec"]["schedule"].split() == ["0", "0", "2", "*", "*", "*"]

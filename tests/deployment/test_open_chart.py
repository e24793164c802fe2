"""What a campus adds to the chart: names, labels, pods, authorities, proxies, profiles; rendered by helm."""

import re

import pytest
import yaml

from cpt.web.bodies import _WHOLE as BODY_SECONDS
from cpt.web.campus import BODY_BYTES
from intake.documents.turns import _SECONDS as READ_SECONDS
from intake.settings import DocumentSettings
from review.app import ANSWER_LIMIT
from review.cases.deliver_i20 import LIMIT
from tests.deployment.charts import (
    CHART,
    OPEN,
    PROFILES,
    ROOT,
    SERVICES,
    example,
    needs_helm,
    objects,
    pods,
    render,
    values,
)

pytestmark = needs_helm
DIGEST = "sha256:" + "0a" * 32
KINDS = ("web", "worker")
MINE = {"migrate", "topics", "test"}


@pytest.fixture(scope="module")
def opened():
    return render(values("plain") | OPEN)


def named(text, kind):
    return {document["metadata"]["name"]: document for document in objects(text, kind)}


def test_what_an_installation_adds_reaches_every_pod(opened):
    for name, pod in pods(opened).items():
        assert {"key": "apps", "operator": "Exists"} in pod["tolerations"], name
        assert pod["affinity"]["nodeAffinity"]
        assert [v for v in pod["volumes"] if v["name"] == "extra"]
        assert pod["initContainers"][0]["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        for container in pod["containers"]:
            assert {"name": "TZDIR", "value": "/extra/zoneinfo"} in container["env"]
            assert [m for m in container["volumeMounts"] if m["name"] == "extra"]
    templates = [d["spec"]["template"]["metadata"] for d in objects(opened, "Deployment", "Job")]
    for metadata in [*templates, *(d["metadata"] for d in objects(opened, "Pod"))]:
        assert (metadata["labels"]["team"], metadata["annotations"]["sidecar.example/inject"]) == ("oie", "false")


def test_labels_and_annotations_of_all_reach_every_object(opened):
    for document in objects(opened):
        assert document["metadata"]["labels"]["cost-center"] == "oie", document["kind"]
        assert document["metadata"]["annotations"]["owner"] == "oie@umass.example", document["kind"]


def test_one_process_may_differ_from_the_others_of_its_kind(opened):
    found = named(opened, "Deployment")
    web, other = (found[f"office-cpt-{name}"]["spec"] for name in ("intake-web", "review-web"))
    container, beside = (spec["template"]["spec"]["containers"][0] for spec in (web, other))

    assert (web["replicas"], other["replicas"]) == (4, 2)
    assert container["resources"] == {"requests": {"cpu": 2, "memory": "256Mi"}, "limits": {"memory": "1536Mi"}}
    assert {"name": "ONLY", "value": "here"} in container["env"]
    assert {"name": "ONLY", "value": "here"} not in beside["env"]
    assert beside["resources"]["limits"] == {"memory": "512Mi"}


def test_names_and_selectors_follow_the_overrides_and_still_find_their_pods(opened):
    assert all(d["metadata"]["name"].startswith("office-cpt") for d in objects(opened))
    deployments = named(opened, "Deployment")
    labels = {name: d["spec"]["template"]["metadata"]["labels"] for name, d in deployments.items()}
    for kind, at in (("Service", ("selector",)), ("PodDisruptionBudget", ("selector", "matchLabels"))):
        for name, document in named(opened, kind).items():
            wanted = document["spec"]
            for step in at:
                wanted = wanted[step]
            assert [n for n, has in labels.items() if wanted.items() <= has.items()] == [name]
    deny = named(opened, "NetworkPolicy")["office-cpt-nothing-else"]["spec"]["podSelector"]["matchLabels"]
    assert all(deny.items() <= has.items() for has in labels.values())
    assert {has["app.kubernetes.io/name"] for has in labels.values()} == {"training"}


def test_an_image_is_pulled_by_its_digest_where_one_is_named(opened):
    images = {c["image"] for pod in pods(opened).values() for c in pod["containers"] if c["name"] != "backup"}

    assert f"registry.example/cpt/intake@{DIGEST}" in images
    assert {i.partition("@")[0].rpartition(":")[0] for i in images if "@" not in i} == {
        f"registry.example/cpt/{service}" for service in SERVICES if service != "intake"
    }


def test_calls_by_http_go_through_the_proxy_which_the_policies_open(opened):
    for name, pod in pods(opened).items():
        given = {e["name"]: e.get("value") for e in pod["containers"][0]["env"]}
        assert given["HTTPS_PROXY"] == given["HTTP_PROXY"] == "http://proxy.example:3128", name
        assert given["NO_PROXY"].split(",") == ["localhost", "127.0.0.1", ".svc", ".cluster.local"]
    for name, policy in named(opened, "NetworkPolicy").items():
        process = name.removeprefix("office-cpt-")
        opens = 3128 in {p["port"] for rule in policy["spec"].get("egress", []) for p in rule["ports"]}
        assert opens == process.endswith(KINDS), name


def test_a_prometheus_that_is_named_may_come_in_and_nobody_else():
    text = render(values("plain") | example("prometheus-operator"))

    for name, policy in named(text, "NetworkPolicy").items():
        if name.endswith(KINDS):
            (probes,) = [r for r in policy["spec"]["ingress"] if r["ports"] == [{"port": "probes"}]]
            spaces = [p["namespaceSelector"]["matchLabels"] for p in probes["from"] if "namespaceSelector" in p]
            assert spaces == [{"kubernetes.io/metadata.name": "monitoring"}], name


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_decides_how_many_pods_there_are(profile):
    text = render(values("plain") | example(profile))
    replicas = {d["metadata"]["name"]: d["spec"].get("replicas") for d in objects(text, "Deployment")}

    if profile == "small":
        assert set(replicas.values()) == {1}
    else:
        scaled = named(text, "HorizontalPodAutoscaler")
        assert (scaled["cpt-intake-web"]["spec"]["maxReplicas"], replicas["cpt-notifier-web"]) == (12, 2)
        assert named(text, "ScaledObject")["cpt-enrollment-sync-worker"]["spec"]["minReplicaCount"] == 3


def test_an_ingress_takes_the_largest_body_and_waits_for_the_slowest_answer():
    """Its defaults are 1 MB and a minute; each path has its own bound in the process behind it."""
    for ingress in objects(render(values("plain") | example("ingress-nginx")), "Ingress"):
        given = {name.rpartition("/")[2]: value for name, value in ingress["metadata"]["annotations"].items()}
        size = int(re.fullmatch(r"(\d+)m", given["proxy-body-size"])[1]) * 2**20
        assert size > max(DocumentSettings().max_bytes, LIMIT, ANSWER_LIMIT, BODY_BYTES)
        assert int(given["proxy-read-timeout"]) > READ_SECONDS
        assert given["proxy-request-buffering"] == "off"


def test_a_gateway_waits_for_a_body_that_may_dawdle_and_for_its_reading():
    usual = yaml.safe_load((CHART / "values.yaml").read_text())["outside"]["timeouts"]
    for route in objects(render(values("plain") | example("gateway")), "HTTPRoute"):
        (rule,) = route["spec"]["rules"]
        assert rule["timeouts"] == usual
        assert int(usual["request"].removesuffix("s")) > BODY_SECONDS + READ_SECONDS


def test_the_shortest_file_of_the_page_installs_with_each_example_beside_it():
    (given,) = re.findall(r"```yaml\n(image:.*?)```", (ROOT / "docs" / "kubernetes.md").read_text(), re.DOTALL)
    for path in sorted((CHART / "examples").glob("*.yaml")):
        assert objects(render(yaml.safe_load(given) | example(path.stem)), "Deployment")
        assert f"`{path.name}`" in (ROOT / "docs" / "kubernetes.md").read_text()


def test_the_named_processes_are_those_of_the_chart():
    schema = yaml.safe_load((CHART / "values.schema.json").read_text())["properties"]["processes"]
    names = {f"{service}-{kind}" for service in SERVICES for kind in KINDS}

    assert schema["properties"].keys() >= MINE
    assert all(any(re.search(p, n) for p in schema["patternProperties"]) for n in names)

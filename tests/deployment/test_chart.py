"""The chart and the image: what can be held without a cluster; rendering needs the helm binary."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[2]
CHART = ROOT / "infra" / "helm" / "cpt"
CACHED = Path.home() / ".cache" / "cpt" / "bin" / "helm"
HELM = shutil.which("helm") or (str(CACHED) if CACHED.exists() else None)
SERVICES = ("intake", "enrollment-sync", "review", "notifier")
GIVEN = {
    "image": {"registry": "registry.example/cpt", "tag": "1"},
    "kafka": {"bootstrapServers": "kafka:9092"},
    "oidc": {"issuer": "https://idp.example"},
    "spire": {"url": "https://spire.example"},
    "smtp": {"host": "mail.example"},
    "documentsUrl": "s3://documents",
    "links": {"intake": "https://cpt.example", "review": "https://office.example"},
}
needs_helm = pytest.mark.skipif(HELM is None, reason="no helm binary: go install helm.sh/helm/v4/cmd/helm")


def values(**changed):
    base = yaml.safe_load((CHART / "values.yaml").read_text())
    return {**base, **{k: {**base[k], **v} if isinstance(v, dict) else v for k, v in (GIVEN | changed).items()}}


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    file = tmp_path_factory.mktemp("values") / "values.yaml"
    file.write_text(yaml.safe_dump(GIVEN))
    command = [HELM, "template", "cpt", str(CHART), "-f", str(file)]
    answer = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "HOME": str(file.parent)}
    )
    return [document for document in yaml.safe_load_all(answer.stdout) if document]


def pods(rendered):
    return [d["spec"]["template"]["spec"] for d in rendered if d["kind"] in ("Deployment", "Job")]


def test_the_values_are_what_the_schema_allows_and_unknown_keys_are_refused():
    schema = json.loads((CHART / "values.schema.json").read_text())

    jsonschema.validate(values(), schema)
    for wrong in (values(priority="urgent"), values(workerReplicas=7), values(image={"tag": ""})):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def test_compose_runs_every_process_of_every_service_as_the_image_allows():
    services = yaml.safe_load((ROOT / "infra" / "compose.yaml").read_text())["services"]

    for service in SERVICES:
        for kind in ("migrate", "web", "worker"):
            process = services[f"{service}-{kind}"]
            assert (process["command"], process["read_only"], process["cap_drop"]) == ([kind], True, ["ALL"])
            assert process["build"]["args"]["SERVICE"] == service


def test_the_image_is_built_from_pinned_packages_and_runs_without_root():
    text = (ROOT / "infra" / "Dockerfile").read_text()

    assert "--require-hashes" in text
    assert "USER 65532" in text
    assert not text.startswith("# syntax=")


@needs_helm
def test_each_service_has_a_web_and_a_worker_with_probes_budget_and_network_policy(rendered):
    for kind in ("Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy"):
        names = {d["metadata"]["name"] for d in rendered if d["kind"] == kind}
        assert names == {f"cpt-{service}-{process}" for service in SERVICES for process in ("web", "worker")}
    for deployment in (d for d in rendered if d["kind"] == "Deployment"):
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        assert {"startupProbe", "readinessProbe", "livenessProbe", "resources"} <= container.keys()


@needs_helm
def test_every_pod_is_restricted(rendered):
    assert len(pods(rendered)) == 16
    for pod in pods(rendered):
        (container,) = pod["containers"]
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert container["securityContext"]["readOnlyRootFilesystem"] is True


@needs_helm
def test_a_web_process_has_no_way_to_kafka(rendered):
    """Design §2: it holds no Kafka client."""
    for policy in (d for d in rendered if d["kind"] == "NetworkPolicy"):
        ports = {port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]}
        assert (9092 in ports) == policy["metadata"]["name"].endswith("worker")


@needs_helm
@pytest.mark.parametrize("version", ["1.31", "1.36"])
def test_every_object_is_valid_for_kubernetes(rendered, version):
    import kubernetes_validate  # noqa: PLC0415 it is slow to load

    for document in rendered:
        kubernetes_validate.validate(document, version, strict=True)

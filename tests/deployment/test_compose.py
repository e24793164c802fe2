"""The compose file and the image, as far as they can be read."""

import json
import re

import yaml

from tests.deployment.charts import ROOT, SERVICES


def test_compose_runs_every_process_of_every_service_as_the_image_allows():
    services = yaml.safe_load((ROOT / "infra" / "compose.yaml").read_text())["services"]

    for service in SERVICES:
        for kind in ("migrate", "web", "worker"):
            process = services[f"{service}-{kind}"]
            assert (process["command"], process["read_only"], process["cap_drop"]) == ([kind], True, ["ALL"])
            assert process["build"]["args"]["SERVICE"] == service


def test_compose_makes_the_topics_of_the_repository():
    listed = yaml.safe_load((ROOT / "infra" / "kafka" / "topics.yaml").read_text())
    command, given = yaml.safe_load((ROOT / "infra" / "compose.yaml").read_text())["services"]["topics"]["command"]

    assert command == "topics"
    assert json.loads(given) == listed


def test_documents_are_kept_where_intake_and_the_pages_of_review_reach_them():
    services = yaml.safe_load((ROOT / "infra" / "compose.yaml").read_text())["services"]

    assert {n for n, s in services.items() if "documents:/documents" in s.get("volumes", [])} == {
        "intake-web",
        "intake-worker",
        "review-web",
    }
    assert "--chown=65532:65532 /opt/documents /documents" in (ROOT / "infra" / "Dockerfile").read_text()


def test_the_image_is_built_from_pinned_packages_and_runs_without_root():
    text = (ROOT / "infra" / "Dockerfile").read_text()

    assert "--require-hashes" in text
    assert "USER 65532" in text
    assert not text.startswith("# syntax=")


def test_compose_needs_no_setting_and_its_defaults_are_good():
    """README.md: one command. A default inside of a default is understood by newer programs only."""
    text = (ROOT / "infra" / "compose.yaml").read_text()
    defaults = dict(re.findall(r"\$\{(\w+):-([^}]*)\}", text))

    assert not re.findall(r"\$\{\w+:?\?", text)
    assert not re.findall(r"\$\{[^}]*\$\{", text)
    assert len(defaults["CPT_SESSION_KEY"].split()[0]) >= 32
    assert defaults["CPT_OIDC__ISSUER"] == f"{defaults['CPT_SPIRE__URL']}/oidc"

"""The compose file and the image, as far as they can be read."""

import yaml

from tests.deployment.charts import ROOT, SERVICES


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

"""Renders the chart; `python -m tests.deployment.charts` writes the golden renders anew."""

import json
import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest
import yaml

from infra.devstack import tools

ROOT = Path(__file__).parents[2]
CHART = ROOT / "infra" / "helm" / "cpt"
HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
CASES = sorted(path.stem for path in (HERE / "values").glob("*.yaml"))
SERVICES = ("intake", "enrollment-sync", "review", "notifier")
PARTITIONS = yaml.safe_load((ROOT / "infra" / "kafka" / "topics.yaml").read_text())["partitions"]

PROFILES = ("small", "large")
OPEN = yaml.safe_load((HERE / "open.yaml").read_text())
"""Everything that a campus may add, at once."""

HELM = tools.helm()
needs_helm = pytest.mark.skipif(not HELM, reason=f"no helm: GOBIN=~/.cache/cpt/bin go install {tools.HELM}")


def values(case):
    return yaml.load((HERE / "values" / f"{case}.yaml").read_text(), Loader=yaml.CSafeLoader)


def example(name):
    return yaml.safe_load((CHART / "examples" / f"{name}.yaml").read_text())


def helm(*words, given):
    """The finished command; `given` are the values of the installation. No setting of this machine counts."""
    with tempfile.TemporaryDirectory() as home:
        file = Path(home) / "values.yaml"
        file.write_text(json.dumps(given))  # which is YAML
        environment = {"PATH": os.environ["PATH"], "HOME": home}
        command = [HELM, *words, str(CHART), "-f", str(file)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def render(given):
    """Once for the same values: what is printed depends on nothing else."""
    return _rendered(json.dumps(given))


@cache
def _rendered(given):
    answer = helm("template", "cpt", "--namespace", "office", given=json.loads(given))
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def objects(text, *kinds):
    """Lent to all who ask: whoever changes one copies it first."""
    return [document for document in _read(text) if not kinds or document["kind"] in kinds]


@cache
def _read(text):
    return [document for document in yaml.load_all(text, Loader=yaml.CSafeLoader) if document]


def pods(text):
    """Every pod that the render would make, by the name of its owner."""
    made = {d["metadata"]["name"]: d["spec"]["template"]["spec"] for d in objects(text, "Deployment", "Job")}
    made |= {
        d["metadata"]["name"]: d["spec"]["jobTemplate"]["spec"]["template"]["spec"] for d in objects(text, "CronJob")
    }
    return made | {d["metadata"]["name"]: d["spec"] for d in objects(text, "Pod")}


if __name__ == "__main__":
    for each in CASES:
        (GOLDEN / f"{each}.yaml").write_text(render(values(each)))

"""What the tests of this folder read: rules, runbook pages, queries, and promtool to judge them."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
HERE = ROOT / "infra" / "observability"
RUNBOOKS = ROOT / "docs" / "runbooks"
NAME = re.compile(r"\bcpt_[a-z_]+\b")


@cache
def promtool():
    """Its path; `make test` fetches it."""
    return shutil.which("promtool") or pytest.skip("no promtool: apt-get install prometheus")


def judged(*words):
    return subprocess.run([promtool(), *map(str, words)], capture_output=True, text=True, check=False)


def rules():
    """Every rule, with the audience of its file."""
    for path in sorted((HERE / "rules").glob("*.yaml")):
        for group in yaml.safe_load(path.read_text())["groups"]:
            for rule in group["rules"]:
                yield path.stem, rule


def labels_used(expression):
    """Metric → labels, from selectors such as `cpt_alerts{state="confirmed"}`."""
    for name, selector in re.findall(r"\b(cpt_[a-z_]+)(?:\{([^}]*)\})?", expression):
        yield name, set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selector))

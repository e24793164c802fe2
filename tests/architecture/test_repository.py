"""What must hold for every file of the repository."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from cpt.postgres.queries import Queries

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "cpt.messaging": ["shared/src/cpt/messaging", "shared/src/cpt/runtime"],
    "intake": ["services/intake/src"],
    "enrollment_sync": ["services/enrollment-sync/src"],
    "enrollment_sync.extracts": ["services/enrollment-sync/src/enrollment_sync/extracts"],
    "review": ["services/review/src"],
    "review.alerts": ["services/review/src/review/alerts"],
    "review.overview": ["services/review/src/review/overview"],
    "review.reports": ["services/review/src/review/reports"],
    "review.search": ["services/review/src/review/search"],
    "review.sevis": ["services/review/src/review/sevis"],
    "review.tasks": ["services/review/src/review/tasks"],
    "review.texts": ["services/review/src/review/texts"],
    "review.operations": ["services/review/src/review/operations"],
    "notifier": ["services/notifier/src"],
}
HOSTS = re.compile(r"(pypi|pythonhosted|npmjs|maven(\.apache)?|golang|crates|debian)[a-z0-9.-]*\.(org|com|io|net)")


def tracked():
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.splitlines() if (ROOT / name).is_file()]


def test_no_file_names_a_registry_or_a_path_of_a_machine():
    paths = re.compile(r"(?<![\w.])/(work|farm)/\w")
    this = Path(__file__)
    found = []
    for path in tracked():
        text = path.read_text("utf-8", "replace") if path != this else ""
        if HOSTS.search(text) or paths.search(text):
            found.append(str(path.relative_to(ROOT)))
    assert found == []


def test_requirements_are_pinned_by_hash_and_hold_no_address():
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 110


PARTS_OF_REVIEW = tuple(
    f"review.{part}" for part in ("alerts", "operations", "overview", "reports", "search", "sevis", "tasks", "texts")
)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_query_is_used_and_every_used_query_exists(package):
    used = set()
    for folder in PACKAGES[package]:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if (
                    isinstance(node, ast.Attribute)
                    and isinstance(node.value, ast.Name)
                    and node.value.id.endswith("sql")
                ):
                    used.add(node.attr)
    named = set(Queries(package))
    if package in ("cpt.messaging", "enrollment_sync.extracts", *PARTS_OF_REVIEW):  # they use the `sql` of others, too
        assert named <= used
    else:
        assert named - used == set()
        assert {name for name in used if name not in named} <= _of_others(package)


def _of_others(package):
    parts = {"review": PARTS_OF_REVIEW, "enrollment_sync": ("enrollment_sync.extracts",)}.get(package, ())
    return {name for part in parts for name in Queries(part)}

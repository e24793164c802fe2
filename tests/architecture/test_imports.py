"""Each import contract is proven by a planted violation: a copy of the sources breaks it, and the linter names it."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("shared/src", *(f"services/{name}/src" for name in ("intake", "enrollment-sync", "review", "notifier")))
CONTRACTS = [
    c["name"] for c in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
]

PLANTED = {
    "services/review/src/review/store.py": "import intake.store",
    "shared/src/cpt/postgres/errors.py": "import notifier",
    "services/enrollment-sync/src/enrollment_sync/domain/codes.py": "import pydantic",
    "services/notifier/src/notifier/http.py": "import aiokafka",
    "services/review/src/review/line/show_line.py": "import cpt.runtime.settings",
    "services/review/src/review/domain.py": "import review.http",
    "services/enrollment-sync/src/enrollment_sync/store.py": "import enrollment_sync.consumer",
    "services/intake/src/intake/domain/terms.py": "import intake.http",
    "services/notifier/src/notifier/domain.py": "import notifier.store",
}


def lint(folder):
    path = os.pathsep.join(str(folder / source) for source in SOURCES)
    linter = Path(sys.executable).with_name("lint-imports")
    command = [str(linter), "--no-cache"]
    environment = os.environ | {"PYTHONPATH": path}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path):
    for source in SOURCES:
        shutil.copytree(ROOT / source, tmp_path / source, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold(copy):
    answer = lint(copy)

    assert answer.returncode == 0, answer.stdout


def test_each_contract_is_broken_by_a_planted_import(copy):
    for file, line in PLANTED.items():
        path = copy / file
        path.write_text(path.read_text() + f"\n{line}\n")

    answer = lint(copy)

    kept = [name for name in CONTRACTS if f"{name} KEPT" in " ".join(answer.stdout.split())]
    assert (answer.returncode, kept) == (1, [])

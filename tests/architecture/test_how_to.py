"""The steps of docs/how-to.md work, one after the other, in a copy of this repository."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+) (create|append|after|replace|run) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def next_number(folder):
    return max(int(file.name[:4]) for file in folder.glob("[0-9]*.sql")) + 1


def take(copy, how, name, text):
    if "NNNN" in name:
        folder = copy / Path(name).parent
        name = name.replace("NNNN", f"{next_number(folder):04}")
    file = copy / name
    match how:
        case "create":
            file.write_text(text, "utf-8")
        case "append":
            file.write_text(file.read_text("utf-8") + text, "utf-8")
        case "after" | "replace":
            quoted, _, new = text.partition("\n")
            old = file.read_text("utf-8")
            assert old.count(quoted + "\n") == 1, f"{name} does not hold once: {quoted}"
            file.write_text(old.replace(quoted + "\n", new if how == "replace" else text), "utf-8")


def test_every_step_is_possible_and_the_new_feature_passes_its_tests(tmp_path, database_url):
    """Nothing that is left out here is needed: the imports, the contracts and the authorization hold."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    for name in filter(None, listed):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            shutil.copy(ROOT / name, tmp_path / name)
    programs = Path(sys.executable).parent
    paths = [str(tmp_path), *(str(path) for path in tmp_path.glob("services/*/src")), str(tmp_path / "shared" / "src")]
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": ":".join(paths)}

    steps = BLOCK.findall((ROOT / "docs" / "how-to.md").read_text("utf-8"))
    assert len(steps) > 10
    for _, how, name, text in steps:
        if how != "run":
            take(tmp_path, how, name, text)
            continue
        for command in text.splitlines():
            if "database_roles" in command:
                environment["CPT_POSTGRES__DSN"] = database_url
            else:
                environment.pop("CPT_POSTGRES__DSN", None)
            ran = subprocess.run(
                command, check=False, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True
            )
            assert ran.returncode == 0, f"{command}\n{ran.stdout}\n{ran.stderr}"

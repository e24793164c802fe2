"""A machine that nobody prepared: a home that cannot be written, a gateway that opens TLS, and what is left afterwards."""

import os
import subprocess
from pathlib import Path

import pytest

from infra.devstack import clean, tools

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("writable", "shared"), [(True, True), (False, False)])
def test_downloads_are_shared_by_all_clones_or_stay_in_this_one_where_nothing_can_be_written_at_home(
    tmp_path, monkeypatch, writable, shared
):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(os, "access", lambda *_: writable)  # nothing is unwritable for root, who may run this

    found = tools.cache_folder(tmp_path / "home", tmp_path / "clone")

    assert found == (tmp_path / "home" if shared else tmp_path / "clone") / ".cache" / "cpt"


@pytest.mark.parametrize(("given", "seen"), [({}, "true"), ({"UV_SYSTEM_CERTS": "false"}, "false")])
def test_the_installer_trusts_whom_the_system_trusts(tmp_path, given, seen):
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for name, does in {"uv": 'echo "$UV_SYSTEM_CERTS $UV_CACHE_DIR"', "python": "true"}.items():
        (tmp_path / ".venv" / "bin" / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / ".venv" / "bin" / name).chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "nowhere"), **given}
    said = subprocess.run(
        ["bash", str(ROOT / "infra" / "devstack" / "uv.sh"), "pip"], cwd=tmp_path, env=environment,
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert said.stdout.split() == [seen, ".cache/uv"]


@pytest.mark.parametrize("everything", [False, True])
def test_cleaning_removes_what_was_made_here_and_names_what_lies_elsewhere(tmp_path, capsys, everything):
    clone, outside = tmp_path / "clone", tmp_path / "cache"
    for made in (
        clone / ".run" / "log",
        clone / "src" / "__pycache__" / "a.pyc",
        clone / "src" / "a.py",
        outside / "kafka" / "jar",
    ):
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_bytes(b"x" * 3 * clean.MIB)

    clean.main(clone, outside, everything=everything)

    assert [path.name for path in clone.rglob("*") if path.is_file()] == ["a.py"]
    assert outside.exists() is not everything
    assert f"{'removed' if everything else 'kept'} {outside / 'kafka'}, 3 MiB" in capsys.readouterr().out

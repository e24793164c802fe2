"""A release names what it was made of, and none is made of an image that may be another one tomorrow."""

import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest

from infra import release
from infra.supply_chain import system_packages, write_system_bill

DIGEST = f"python:3.11-slim-bookworm@sha256:{'0' * 64}"


@pytest.mark.parametrize(
    ("version", "base", "changed", "why"),
    [
        ("1.2.3", "python:3.11-slim-bookworm", "", "digest"),
        ("1.2.3", "", "", "digest"),
        ("1.2.3", "python@sha256:abc", "", "digest"),
        ("latest", DIGEST, "", "VERSION"),
        ("1.2.3", DIGEST, " M README.md", "commit"),
    ],
)
def test_no_release_of_a_tag_that_may_move_or_of_what_is_not_committed(version, base, changed, why):
    with pytest.raises(release.NotFit, match=why):
        release.require_fit(version, base, changed)


def test_the_command_refuses_before_it_makes_anything(tmp_path, capsys):
    assert release.main(["1.2.3", "python:3.11", str(tmp_path / "made")]) == 1
    assert "by digest" in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


def test_a_release_is_whole_and_says_of_what_it_was_made(tmp_path, monkeypatch):
    """Made of the last commit, whatever lies beside it here; twice the same but for the time."""
    monkeypatch.setattr(release, "require_fit", lambda *_: None)
    monkeypatch.setattr(release, "SERVICES", ("notifier",))
    made = {path.name: path for path in release.make_release("1.2.3", DIGEST, tmp_path / "made")}
    again = {path.name: path for path in release.make_release("1.2.3", DIGEST, tmp_path / "again")}

    sums = dict(reversed(line.split("  ")) for line in made["SHA256SUMS"].read_text().splitlines())
    assert sums.keys() == made.keys() - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256(made[name].read_bytes()).hexdigest() == digest
    alike = made.keys() - {"SHA256SUMS", "provenance.json"}
    assert all(made[name].read_bytes() == again[name].read_bytes() for name in alike)
    record = json.loads(made["provenance.json"].read_text())
    assert {one["name"] for one in record["subject"]} == alike
    commits = [one["digest"].get("gitCommit") for one in record["predicate"]["buildDefinition"]["resolvedDependencies"]]
    assert re.fullmatch(r"[0-9a-f]{40}", commits[0])


def test_without_cosign_a_release_says_that_it_is_not_signed(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert release.sign(tmp_path / "SHA256SUMS").startswith("Not signed")


def test_cosign_signs_the_checksums_with_the_key_that_is_given(tmp_path, monkeypatch):
    """What it is called with; the signature itself needs its service, or a key."""
    program, sums = tmp_path / "cosign", tmp_path / "SHA256SUMS"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/words\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("COSIGN_KEY", "release.key")

    assert release.sign(sums).startswith("Signed")
    assert (tmp_path / "words").read_text().split()[:4] == ["sign-blob", "--yes", "--key", "release.key"]


def test_the_packages_of_the_operating_system_are_components_of_the_bill():
    """As Debian keeps them; what is not installed any more is none."""
    listed = (
        "Package: libssl3\nStatus: install ok installed\nVersion: 3.0.17-1~deb12u2\nArchitecture: amd64\n\n"
        "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\nArchitecture: all\n"
    )

    assert [one["purl"] for one in system_packages(listed)] == ["pkg:deb/debian/libssl3@3.0.17-1~deb12u2?arch=amd64"]


def test_the_bill_of_a_debian_root_names_each_installed_package(tmp_path):
    """Of this machine, as dpkg itself lists it, and of an image that has no dpkg."""
    asked = ("dpkg-query", "-W", "-f", "${db:Status-Status} ${Package} ${Version}\n")
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()
    bill = json.loads(write_system_bill("/", tmp_path).read_text("utf-8"))
    bare = tmp_path / "root" / "var" / "lib" / "dpkg" / "status.d"
    bare.mkdir(parents=True)
    (bare / "libc6").write_text("Package: libc6\nVersion: 2.36-9\nArchitecture: amd64\n")
    (bare / "libc6.md5sums").write_text("0  usr/lib/libc.so\n")

    named = {f"installed {one['name']} {one['version']}" for one in bill["components"]}
    assert named == {line for line in said if line.startswith("installed ")}
    (one,) = json.loads(write_system_bill(str(tmp_path / "root"), tmp_path).read_text("utf-8"))["components"]
    assert one["purl"] == "pkg:deb/debian/libc6@2.36-9?arch=amd64"
    with pytest.raises(FileNotFoundError):
        write_system_bill(str(tmp_path / "nothing"), tmp_path)


def test_no_workflow_builds_an_image_on_a_base_that_it_does_not_name():
    """The default of the Dockerfile is for this machine; a release gives its base by digest."""
    assert "ARG BASE=" in Path("infra/Dockerfile").read_text()
    assert "infra.release $(VERSION) $(BASE)" in Path("Makefile").read_text()
    assert subprocess.run(["make", "-n", "release"], capture_output=True, text=True, check=False).returncode

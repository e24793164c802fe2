"""python -m infra.release VERSION BASE [FOLDER]: what a release consists of, with checksums, its provenance, a signature.

BASE is the image that the services' images are built on, by digest: `python:3.11-slim-bookworm@sha256:…`. A tag alone
names another image tomorrow, and is refused. Signed with cosign where that is installed (keyless, or by COSIGN_KEY);
without it the checksums are what there is, and the last line says so.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.api_documents import build
from infra.supply_chain import SERVICES, write_bill

ROOT = Path(__file__).parents[1]
PINNED = re.compile(r"[a-z0-9][a-z0-9./:_-]*@sha256:[0-9a-f]{64}")
VERSION = re.compile(r"\d+\.\d+\.\d+(?:-[0-9a-z.]+)?")


class NotFit(Exception):
    """The message says what a release lacks."""


def require_fit(version: str, base: str, changed: str) -> None:
    """Raises `NotFit`. `changed`: what git says is not committed."""
    if not VERSION.fullmatch(version):
        raise NotFit("VERSION is like 1.2.3")
    if not PINNED.fullmatch(base):
        raise NotFit("BASE names its image by digest, like python:3.11-slim-bookworm@sha256:…; a tag may move")
    if changed:
        raise NotFit("a release is made of a commit; there are changes beside it")


def make_release(version: str, base: str, folder: Path) -> list[Path]:
    """The files of the release: sources, chart, bills of materials, provenance, checksums of them all."""
    require_fit(version, base, _git("status", "--porcelain"))
    folder.mkdir(parents=True, exist_ok=True)
    commit = _git("rev-parse", "HEAD")
    made = [
        _archive(folder / f"cpt-{version}.tar.gz", commit),
        _archive(folder / f"chart-{version}.tar.gz", commit, "infra/helm/cpt"),
    ]
    made += [write_bill(service, folder) for service in SERVICES]
    made += build(folder)
    record = folder / "provenance.json"
    record.write_text(json.dumps(provenance(version, base, commit, made), indent=1) + "\n", "utf-8")
    made.append(record)
    sums = folder / "SHA256SUMS"
    sums.write_text("".join(f"{_sha256(path)}  {path.name}\n" for path in made), "utf-8")
    return [*made, sums]


def provenance(version: str, base: str, commit: str, made: list[Path]) -> dict[str, Any]:
    """An in-toto statement (SLSA provenance 1.0): what was made of what, by whom, with which command."""
    materials = [{"uri": f"git+{_remote()}", "digest": {"gitCommit": commit}}]
    materials.append({"uri": f"docker:{base.partition('@')[0]}", "digest": {"sha256": base.rpartition(":")[2]}})
    for service in SERVICES:
        locked = ROOT / "requirements" / f"{service}.txt"
        materials.append({"uri": f"requirements/{service}.txt", "digest": {"sha256": _sha256(locked)}})
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "predicateType": "https://slsa.dev/provenance/v1",
        "subject": [{"name": path.name, "digest": {"sha256": _sha256(path)}} for path in made],
        "predicate": {
            "buildDefinition": {
                "buildType": "make release",
                "externalParameters": {"VERSION": version, "BASE": base},
                "resolvedDependencies": materials,
            },
            "runDetails": {
                "builder": {"id": os.environ.get("CPT_BUILDER", "by hand")},
                "metadata": {"finishedOn": datetime.now(UTC).isoformat(timespec="seconds")},
            },
        },
    }


def sign(sums: Path) -> str:
    """What was done, in words; a failed signature raises CalledProcessError."""
    if not (cosign := shutil.which("cosign")):
        return "Not signed: cosign is not installed. SHA256SUMS and provenance.json are what there is."
    key = ("--key", os.environ["COSIGN_KEY"]) if os.environ.get("COSIGN_KEY") else ()
    bundle = sums.with_suffix(".sigstore.json")
    subprocess.run([cosign, "sign-blob", "--yes", *key, "--bundle", str(bundle), str(sums)], check=True)
    return f"Signed: {bundle.name}; whoever verifies SHA256SUMS by it verifies the rest by SHA256SUMS."


def builds(version: str, base: str) -> Iterator[str]:
    """The command for each image; its digest belongs into the chart's values."""
    for service in SERVICES:
        words = f"--build-arg SERVICE={service} --build-arg BASE={base} --build-arg VERSION={version}"
        yield f"docker build -f infra/Dockerfile {words} --build-arg REVISION={_git('rev-parse', 'HEAD')} -t cpt/{service}:{version} ."


def _archive(target: Path, commit: str, *paths: str) -> Path:
    """The same bytes whenever it is made of the same commit."""
    words = (
        "archive",
        "--format=tar.gz",
        "--prefix",
        f"{target.name.removesuffix('.tar.gz')}/",
        "-o",
        str(target),
        commit,
    )
    _git(*words, *paths)
    return target


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _remote() -> str:
    """Without a name and password that may stand in it; a folder of this machine is nobody's business."""
    address = _git("remote", "get-url", "origin", fails="")
    return re.sub(r"//[^@/]*@", "//", address) if "://" in address else "unknown"


def _git(*words: str, fails: str | None = None) -> str:
    done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=False)
    if done.returncode and fails is None:
        raise NotFit(done.stderr.strip())
    return done.stdout.strip() if not done.returncode else fails or ""


def main(words: list[str]) -> int:
    if len(words) not in (2, 3):
        print(__doc__)
        return 2
    version, base = words[:2]
    folder = Path(words[2]) if words[2:] else ROOT / ".run" / "release" / version
    try:
        made = make_release(version, base, folder)
    except NotFit as fault:
        print(f"No release: {fault}.", file=sys.stderr)
        return 1
    print("\n".join(map(str, made)))
    print(sign(made[-1]))
    print("The images:", *builds(version, base), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

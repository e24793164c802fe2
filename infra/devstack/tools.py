"""Java, Maven and what only tests use: found, or installed where that needs no question."""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from infra.devstack.child import Program, StartError, finish, output

OLDEST_JAVA = 17
JAVA_PACKAGES = ("openjdk-17-jre-headless", "openjdk-21-jre-headless", "default-jre-headless")
MAVEN_PACKAGES = ("maven",)
ONLY_TESTS = {
    "chromium-headless-shell": ("chromium-headless-shell", "chromium"),
    "promtool": ("prometheus",),
    "tesseract": ("tesseract-ocr",),
}
"""The packages of each program; a test that lacks one says so in its skip reason."""
HELM = "helm.sh/helm/v4/cmd/helm@v4.2.4"


def cache_folder(home: Path, clone: Path) -> Path:
    """Shared by all clones; inside of this one where nothing may be written at home."""
    usual = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "cpt"
    nearest = next(folder for folder in [usual, *usual.parents] if folder.exists())
    return usual if os.access(nearest, os.W_OK) else clone / ".cache" / "cpt"


CLONE = Path(__file__).parents[2]
CACHE = cache_folder(Path.home(), CLONE)
AT_HOME = not CACHE.is_relative_to(CLONE)
GO = {} if AT_HOME else {"GOPATH": str(CACHE / "go"), "GOCACHE": str(CACHE / "go-build")}
MAVEN = () if AT_HOME else (f"-Dmaven.repo.local={CACHE / 'm2'}",)
"""What these programs would else keep at home."""
QUIETLY = ("-y", "-q", "-o", "DPkg::Lock::Timeout=300", "--no-install-recommends")


async def java(log: Path) -> str:
    """Raises StartError with the command to run."""
    return await _java() or await _install(JAVA_PACKAGES, log) or await _java() or _missing("Java 17+", JAVA_PACKAGES)


async def maven(log: Path) -> str:
    """Raises StartError with the command to run."""
    found = shutil.which("mvn")
    return found or await _install(MAVEN_PACKAGES, log) or shutil.which("mvn") or _missing("Maven", MAVEN_PACKAGES)


async def only_tests(log: Path) -> None:
    """What cannot be had stays away."""
    for program, packages in ONLY_TESTS.items():
        if not shutil.which(program):
            await _install(packages, log)
    if not helm() and (go := shutil.which("go")):
        print("building helm", flush=True)
        build = Program("go", (go, "install", HELM), Path("/"), log, env={"GOBIN": str(CACHE / "bin"), **GO})
        with contextlib.suppress(StartError):
            await finish(build)


def helm() -> str:
    """Its path, or ""."""
    built = CACHE / "bin" / "helm"
    return shutil.which("helm") or (str(built) if built.exists() else "")


async def _java() -> str:
    for candidate in _java_candidates():
        version = re.search(r'version "(\d+)', await output(candidate, "-version"))
        if version and int(version[1]) >= OLDEST_JAVA:
            return candidate
    return ""


def _java_candidates() -> Iterator[str]:
    if home := os.environ.get("JAVA_HOME"):
        yield f"{home}/bin/java"
    yield "java"
    yield from sorted(str(path) for path in Path("/usr/lib/jvm").glob("*/bin/java"))


async def _install(packages: tuple[str, ...], log: Path) -> str:
    """Always "": the caller looks again."""
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return ""
    print(f"installing {packages[0]}", flush=True)
    for command in (("update", "-q"), *(("install", *QUIETLY, package) for package in packages)):
        install = Program("apt-get", ("apt-get", *command), Path("/"), log, env={"DEBIAN_FRONTEND": "noninteractive"})
        try:
            await finish(install)
        except StartError:
            continue  # another release names it otherwise
        if command[0] == "install":
            break
    return ""


def _missing(what: str, packages: tuple[str, ...]) -> str:
    raise StartError(f"{what} is missing: run `sudo apt-get install {packages[0]}`")

"""Java and Maven: found, or installed where that needs no question."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from infra.devstack.child import Program, StartError, finish, output

OLDEST_JAVA = 17
JAVA_PACKAGES = ("openjdk-17-jre-headless", "openjdk-21-jre-headless", "default-jre-headless")
MAVEN_PACKAGES = ("maven",)
QUIETLY = ("-y", "-q", "-o", "DPkg::Lock::Timeout=300", "--no-install-recommends")


async def java(log: Path) -> str:
    """Raises StartError with the command to run."""
    return await _java() or await _install(JAVA_PACKAGES, log) or await _java() or _missing("Java 17+", JAVA_PACKAGES)


async def maven(log: Path) -> str:
    """Raises StartError with the command to run."""
    found = shutil.which("mvn")
    return found or await _install(MAVEN_PACKAGES, log) or shutil.which("mvn") or _missing("Maven", MAVEN_PACKAGES)


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

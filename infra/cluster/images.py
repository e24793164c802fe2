"""Builds the service images, on the public base or on one of Debian's own packages where no registry is reachable."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from infra.cluster.engine import Missing, docker

ROOT = Path(__file__).parents[2]
SERVICES = ("intake", "enrollment-sync", "review", "notifier")
PUBLIC_BASE, LOCAL_BASE = "python:3.11-slim-bookworm", "localhost/cpt-base:bookworm"
PACKAGES = "ca-certificates,python3,python3-venv"
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
TRUST = tuple(f"ENV {name}={BUNDLE}" for name in ("PIP_CERT", "SSL_CERT_FILE"))


def base(engine: dict[str, str]) -> str:
    """`CPT_IMAGE_BASE`, the public one if it is here or can be had, else one made here. Raises Missing."""
    if given := os.environ.get("CPT_IMAGE_BASE"):
        return given
    for known in (PUBLIC_BASE, LOCAL_BASE):
        if _has(engine, known):
            return known
    pull = subprocess.run(["docker", "pull", "-q", PUBLIC_BASE], env=engine, capture_output=True, check=False)
    return PUBLIC_BASE if pull.returncode == 0 else _debian(engine)


def build(engine: dict[str, str], service: str, on: str, registry: str = "localhost/cpt", tag: str = "local") -> str:
    """The name of the image."""
    name = f"{registry}/{service}:{tag}"
    arguments = {"SERVICE": service, "BASE": on, "VERSION": tag}
    words = [word for key, value in arguments.items() for word in ("--build-arg", f"{key}={value}")]
    docker(engine, "build", "-q", "-f", str(ROOT / "infra" / "Dockerfile"), *words, "-t", name, str(ROOT))
    return name


def save(engine: dict[str, str], names: Iterable[str], file: Path) -> None:
    docker(engine, "save", "-o", str(file), *names)


def _has(engine: dict[str, str], image: str) -> bool:
    found = subprocess.run(["docker", "image", "inspect", image], env=engine, capture_output=True, check=False)
    return found.returncode == 0


def _debian(engine: dict[str, str]) -> str:
    """Trusts what this machine trusts, because a build may have to pass its gateway; for local images only."""
    if os.getuid() != 0 or not shutil.which("debootstrap"):
        raise Missing(f"{PUBLIC_BASE} cannot be had, and making a base needs root and debootstrap")
    with tempfile.TemporaryDirectory(prefix="cpt-base-") as folder:
        root = Path(folder) / "root"
        command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(root)]
        made = subprocess.run(command, capture_output=True, check=False)
        if made.returncode:
            raise Missing(f"debootstrap failed: {made.stdout.decode(errors='replace')[-500:]}")
        shutil.rmtree(root / "var" / "cache" / "apt")
        shutil.rmtree(root / "var" / "lib" / "apt" / "lists")
        shutil.copy(BUNDLE, root / BUNDLE.removeprefix("/"))
        changes = [word for change in TRUST for word in ("-c", change)]
        tar = subprocess.run(["tar", "-C", str(root), "-c", "."], capture_output=True, check=True)
        docker(engine, "import", *changes, "-", LOCAL_BASE, given=tar.stdout)
    return LOCAL_BASE

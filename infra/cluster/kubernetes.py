"""One-node Kubernetes by the scripts beside the clone: built once into a cache, brought up and taken down."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.cluster.engine import Missing

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT.parent / "shared" / "cluster"
PROGRAMS = {
    "containerd": "containerd",
    "runc": "runc",
    "iptables": "iptables",
    "openssl": "openssl",
    "gcc": "gcc",
}
PLUGINS = Path("/usr/lib/cni/bridge")
WORDS = ("HOSTIP", "NODEIP", "PODNET", "KUBECONFIG", "CSOCK")


@dataclass(frozen=True)
class Kubernetes:
    """`host` is this machine as pods see it; `insiders` are the addresses from which this machine reaches pods."""

    host: str
    insiders: tuple[str, ...]
    environment: dict[str, str]
    socket: str

    def kubectl(self, *words: str, given: str | None = None, namespace: str = "cpt") -> str:
        """Raises CalledProcessError with what it said."""
        return self.run("kubectl", "-n", namespace, *words, given=given)

    def run(self, *command: str, given: str | None = None) -> str:
        done = subprocess.run(
            command, env=self.environment, input=given, capture_output=True, text=True, check=False, timeout=1200
        )
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
        return done.stdout

    def load(self, archive: Path) -> None:
        self.run("ctr", "-a", self.socket, "-n", "k8s.io", "images", "import", str(archive))


def prepared() -> Path:
    """The scripts with everything built, which takes about eight minutes the first time. Raises Missing."""
    if not (SCRIPTS / "up.sh").exists():
        raise Missing(f"no cluster scripts in {os.path.relpath(SCRIPTS)}: this runs beside the shared folder only")
    if os.getuid() != 0:
        raise Missing("a node needs root")
    for program, package in PROGRAMS.items():
        if not shutil.which(program):
            raise Missing(f"no {program}: apt-get install {package}")
    if not PLUGINS.exists():
        raise Missing("no CNI plugins: apt-get install containernetworking-plugins")
    sums = sorted(path for path in SCRIPTS.rglob("*") if path.is_file())
    mark = hashlib.sha256(b"".join(path.read_bytes() for path in sums)).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cpt" / f"cluster-{mark}"
    if not (cache / "img" / "coredns.tar").exists():
        _build(cache)
    return cache


def _build(cache: Path) -> None:
    if not shutil.which("go"):
        raise Missing("no Go: the node is built from Go modules")
    shutil.copytree(SCRIPTS, cache, dirs_exist_ok=True)
    for path in (cache, *cache.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)
    print("building Kubernetes once, about eight minutes", flush=True)
    for script in ("build/build.sh", "images.sh"):
        subprocess.run(["nice", "-n", "15", "bash", str(cache / script)], check=True, stdout=subprocess.DEVNULL)


@contextmanager
def running(scripts: Path, state: Path) -> Iterator[Kubernetes]:
    """A fresh cluster, gone with the block."""
    environment = {**os.environ, "CK_RUN": str(state), "CK_BIN": str(scripts / "build" / "bin")}
    words = " ".join(f'"${word}"' for word in WORDS)
    told = subprocess.run(
        ["bash", "-c", f". {scripts}/env.sh; printf '%s\\n' {words}"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    host, node, pods, config, socket = told.stdout.split()
    path = f"{scripts / 'build' / 'bin'}:{environment['PATH']}"
    gateway = pods.rsplit(".", 1)[0] + ".1"
    try:
        subprocess.run(["bash", str(scripts / "up.sh")], env=environment, check=True, stdout=subprocess.DEVNULL)
        insiders = tuple(f"{address}/32" for address in (host, node, gateway))
        yield Kubernetes(host, insiders, {**environment, "KUBECONFIG": config, "PATH": path}, socket)
    finally:
        subprocess.run(["bash", str(scripts / "down.sh")], env=environment, check=False, stdout=subprocess.DEVNULL)

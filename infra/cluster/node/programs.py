"""The programs of a node: built once from Go modules into the cache, or Debian's; and the image that holds a pod together."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from infra.cluster.engine import Missing
from infra.devstack import tools

HERE = Path(__file__).parent
CHECKSUM = HERE / "go.sum.sha256"
"""Of the checksums of every module, which `go mod tidy` derives from the two that `go.mod` names."""
PAUSE = "localhost/pause:1"
KUBERNETES = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "kubectl")
PACKAGES = {
    "pause": "./pause",
    "etcd": "go.etcd.io/etcd/server/v3",
    **{name: f"k8s.io/kubernetes/cmd/{name}" for name in KUBERNETES},
}
DEBIAN = {"containerd": "containerd", "runc": "runc", "iptables": "iptables", "nsenter": "util-linux", "ip": "iproute2"}
PLUGINS = Path("/usr/lib/cni")
GO = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly -trimpath -buildvcs=false", "GOWORK": "off", "GOTOOLCHAIN": "local"}


def programs() -> Path:
    """The folder with all of them; the first time takes some 700 seconds of one processor. Raises Missing."""
    if os.getuid() != 0:
        raise Missing("a node needs root")
    for program, package in DEBIAN.items():
        if not shutil.which(program):
            raise Missing(f"no {program}: apt-get install {package}")
    if not (PLUGINS / "bridge").exists():
        raise Missing("no CNI plugins: apt-get install containernetworking-plugins")
    sources = (HERE / "go.mod", CHECKSUM, HERE / "pause" / "main.go")
    mark = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
    folder = tools.CACHE / f"node-{mark}"
    if not folder.exists():
        _build(folder)
    return folder


def _build(folder: Path) -> None:
    """What is whole alone gets the name."""
    go = shutil.which("go")
    if not go:
        raise Missing("no Go: the node is built from Go modules")
    print("building Kubernetes once, about seven minutes on two idle processors", flush=True)
    environment = {**os.environ, **GO, **tools.GO}
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".node-", dir=folder.parent) as name:
        module, draft = Path(name) / "module", Path(name) / "programs"
        module.mkdir()
        shutil.copy(HERE / "go.mod", module)
        shutil.copytree(HERE / "pause", module / "pause")
        subprocess.run((go, "mod", "tidy"), cwd=module, env=environment, check=True, capture_output=True)
        verify(module / "go.sum")
        asked = (go, "list", "-m", "-f", "{{.Version}}", "k8s.io/kubernetes")
        said = subprocess.run(asked, cwd=module, env=environment, check=True, capture_output=True, text=True)
        draft.mkdir()
        for program, package in PACKAGES.items():
            command = (go, "build", "-ldflags", _named(said.stdout.strip()), "-o", str(draft / program), package)
            subprocess.run(("nice", "-n", "10", *command), cwd=module, env=environment, check=True)
        draft.rename(folder)


def verify(checksums: Path) -> None:
    """Raises Missing where some module is another one than when the checksum was taken."""
    if hashlib.sha256(checksums.read_bytes()).hexdigest() != CHECKSUM.read_text("utf-8").strip():
        raise Missing("the Go modules of the node are not those of its checksum")


def _named(version: str) -> str:
    """For the linker: a server that does not know its own version refuses its parts."""
    major, minor, _ = version.removeprefix("v").split(".")
    values = {"gitVersion": version, "gitMajor": major, "gitMinor": minor}
    places = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    return " ".join(["-s -w", *(f"-X {place}.{name}={value}" for place in places for name, value in values.items())])


def pause_image(folder: Path, archive: Path) -> None:
    """As `docker save` would write it."""
    layer = _tar({"pause": (folder / "pause").read_bytes()})
    inside = {"Entrypoint": ["/pause"], "User": "65535:65535"}
    layers = {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]}
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": inside, "rootfs": layers}).encode()
    manifest = [{"Config": "config.json", "RepoTags": [PAUSE], "Layers": ["layer.tar"]}]
    whole = {"layer.tar": layer, "config.json": config, "manifest.json": json.dumps(manifest).encode()}
    archive.write_bytes(_tar(whole))


def _tar(files: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755
            tar.addfile(entry, io.BytesIO(content))
    return whole.getvalue()

"""Brings a node up and takes it down, so that the machine is as before."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.cluster.engine import Missing
from infra.cluster.node import configuration
from infra.cluster.node.keys import Authority, Pair, access
from infra.cluster.node.link import FIRST_SERVICE, NODE, SERVICES, Link, linked
from infra.cluster.node.programs import pause_image
from infra.cluster.node.traces import no_traces

ROOT = Path(__file__).parents[3]
SERVER = f"https://{NODE}:6443"
PATIENCE = 240.0
"""Seconds for each part to answer, on a machine that others use too."""
_NAMES = ("kubernetes", "kubernetes.default", "kubernetes.default.svc", "localhost", NODE, FIRST_SERVICE, "127.0.0.1")


@dataclass
class Node:
    programs: Path
    folder: Path
    link: Link
    parts: dict[str, "subprocess.Popen[bytes]"]

    @property
    def administrator(self) -> Path:
        return self.folder / "administrator.access"

    def start(self, name: str, *words: str, program: str = "") -> None:
        """`name` is one of ours, unless `program` says otherwise."""
        command = self.link.inside(program or str(self.programs / name), *words)
        with (self.folder / f"{name}.log").open("wb") as log:
            self.parts[name] = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)

    def load(self, archive: Path) -> None:
        command = ("ctr", "-a", str(configuration.socket(self.folder)), "-n", "k8s.io", "images", "import")
        subprocess.run((*command, str(archive)), check=True, capture_output=True)

    def kubectl(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        command = (str(self.programs / "kubectl"), f"--kubeconfig={self.administrator}", *words)
        return subprocess.run(command, check=False, capture_output=True)

    def wait(self, name: str, holds: Callable[[], bool]) -> None:
        """Raises Missing with the end of that program's log."""
        deadline = time.monotonic() + PATIENCE
        while not holds():
            if self.parts[name].poll() is not None or time.monotonic() > deadline:
                raise Missing(f"{name} does not answer:\n{(self.folder / f'{name}.log').read_text()[-2000:]}")
            time.sleep(0.2)


@contextmanager
def running(programs: Path, folder: Path) -> Iterator[Node]:
    """A fresh one with the image that pods need, gone with the block."""
    folder.mkdir(parents=True)
    with ExitStack() as stack:
        stack.enter_context(no_traces(folder))
        node = Node(programs, folder, stack.enter_context(linked()), {})
        stack.callback(_end, node)
        authority = Authority(folder)
        _control_plane(node, authority)
        node.start("containerd", "--config", str(configuration.containerd(folder)), program="containerd")
        node.wait("containerd", configuration.socket(folder).exists)
        pause_image(programs, folder / "pause.tar")
        node.load(folder / "pause.tar")
        _node(node, authority)
        yield node


def _control_plane(node: Node, authority: Authority) -> None:
    folder, address = node.folder, "http://127.0.0.1:2379"
    peers = "http://127.0.0.1:2380"
    node.start(
        "etcd", f"--data-dir={folder}/etcd", f"--listen-client-urls={address}", f"--advertise-client-urls={address}",
        f"--listen-peer-urls={peers}", f"--initial-advertise-peer-urls={peers}", f"--initial-cluster=default={peers}",
        "--unsafe-no-fsync", "--log-level=warn",
    )  # fmt: skip
    own = authority.pair
    server, tokens = authority.sign("kube-apiserver", addresses=_NAMES), authority.sign("tokens")
    to_kubelet = authority.sign("kube-apiserver", "system:masters", file="to-kubelet")
    access(SERVER, own, authority.sign("administrator", "system:masters"), node.administrator)
    node.start(
        "kube-apiserver", f"--etcd-servers={address}", f"--advertise-address={NODE}", "--secure-port=6443",
        f"--service-cluster-ip-range={SERVICES}", "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        f"--admission-control-config-file={configuration.admission(folder)}",
        f"--client-ca-file={own.certificate}",
        f"--tls-cert-file={server.certificate}", f"--tls-private-key-file={server.key}",
        f"--kubelet-certificate-authority={own.certificate}",
        f"--kubelet-client-certificate={to_kubelet.certificate}", f"--kubelet-client-key={to_kubelet.key}",
        "--kubelet-preferred-address-types=InternalIP",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={tokens.certificate}", f"--service-account-signing-key-file={tokens.key}",
    )  # fmt: skip
    node.wait("kube-apiserver", lambda: node.kubectl("get", "--raw", "/readyz").returncode == 0)
    _with_access(node, authority, "kube-controller-manager", "--leader-elect=false", "--use-service-account-credentials",
                 f"--service-account-private-key-file={tokens.key}", f"--root-ca-file={own.certificate}")  # fmt: skip
    _with_access(node, authority, "kube-scheduler", "--leader-elect=false")


def _with_access(node: Node, authority: Authority, name: str, *words: str) -> None:
    file = _access(node, authority.pair, authority.sign(f"system:{name}", file=name), name)
    ways = ("kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig")
    node.start(name, *(f"--{way}={file}" for way in ways), "--bind-address=127.0.0.1", *words)


def _node(node: Node, authority: Authority) -> None:
    name, own = configuration.NAME, authority.pair
    identity = _access(node, own, authority.sign(f"system:node:{name}", "system:nodes", file="kubelet"), "kubelet")
    listening = authority.sign(name, addresses=(NODE, name), file="kubelet-server")
    node.start(
        "kubelet", f"--config={configuration.kubelet(node.folder, own, listening)}", f"--kubeconfig={identity}",
        f"--hostname-override={name}", f"--node-ip={NODE}",
        f"--root-dir={node.folder}/kubelet", f"--cert-dir={node.folder}/kubelet-certificates",
    )  # fmt: skip
    proxy = _access(node, own, authority.sign("system:kube-proxy", file="kube-proxy"), "kube-proxy")
    node.start("kube-proxy", f"--config={configuration.proxy(node.folder, proxy)}")
    inside = ("-m", "infra.cluster.node.inside", str(node.folder), SERVER)
    node.start("inside", *inside, program=sys.executable)
    node.wait("kubelet", lambda: b"True" in node.kubectl("get", "node", name, "-o", _READY).stdout)


_READY = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}'


def _access(node: Node, authority: Pair, own: Pair, name: str) -> Path:
    return access(SERVER, authority, own, node.folder / f"{name}.access")


def _end(node: Node) -> None:
    """At once, since nothing of it is kept; what keeps others alive goes first."""
    for name in reversed(node.parts):
        node.parts[name].kill()
        node.parts[name].wait()

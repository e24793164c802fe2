"""What the programs of the node are told, as files in its folder."""

import json
from pathlib import Path
from typing import Any

from infra.cluster.node.keys import Pair
from infra.cluster.node.link import NODE, PODS
from infra.cluster.node.programs import PAUSE, PLUGINS

NAME, BRIDGE = "node", "cptnode-pods"
Json = dict[str, Any]


def containerd(folder: Path) -> Path:
    """Version 1.6 and 1.7; nothing of it lies outside of the folder but the sockets of the shims."""
    (folder / "network").mkdir()
    _json(folder / "network" / "10-pods.conflist", _pods_network(folder))
    return _file(
        folder / "containerd.toml",
        f"""version = 2
root = "{folder}/containers"
state = "{folder}/containers-state"
disabled_plugins = ["io.containerd.snapshotter.v1.{'", "io.containerd.snapshotter.v1.'.join(_SNAPSHOTTERS)}"]

[grpc]
address = "{socket(folder)}"

[plugins."io.containerd.internal.v1.opt"]
path = "{folder}/opt"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{PAUSE}"
disable_apparmor = true
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true
cni = {{bin_dir = "{PLUGINS}", conf_dir = "{folder}/network"}}

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
options = {{SystemdCgroup = false, Root = "{folder}/runc"}}
""",
    )


_SNAPSHOTTERS = ("btrfs", "zfs", "aufs", "devmapper")


def socket(folder: Path) -> Path:
    return folder / "containerd.sock"


def _pods_network(folder: Path) -> Json:
    addresses = {"type": "host-local", "ranges": [[{"subnet": PODS}]], "routes": [{"dst": "0.0.0.0/0"}]}
    bridge = {
        "type": "bridge",
        "bridge": BRIDGE,
        "isGateway": True,
        "ipMasq": False,
        "hairpinMode": True,
        "ipam": addresses | {"dataDir": str(folder / "addresses")},
    }
    return {"cniVersion": "0.4.0", "name": "pods", "plugins": [bridge]}


def kubelet(folder: Path, authority: Pair, own: Pair) -> Path:
    """On cgroup v1, too, and without the right to change limits of the kernel."""
    return _json(
        folder / "kubelet.json",
        {
            "apiVersion": "kubelet.config.k8s.io/v1beta1",
            "kind": "KubeletConfiguration",
            "failCgroupV1": False,
            "cgroupDriver": "cgroupfs",
            "containerRuntimeEndpoint": f"unix://{socket(folder)}",
            "authentication": {
                "anonymous": {"enabled": False},
                "webhook": {"enabled": True},
                "x509": {"clientCAFile": str(authority.certificate)},
            },
            "authorization": {"mode": "Webhook"},
            "tlsCertFile": str(own.certificate),
            "tlsPrivateKeyFile": str(own.key),
            "failSwapOn": False,
            "resolvConf": "",
            "clusterDNS": [NODE],
            "clusterDomain": "cluster.local",
            "evictionHard": {"memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%"},
            "imageGCHighThresholdPercent": 100,
            "nodeStatusUpdateFrequency": "5s",
            "volumePluginDir": str(folder / "volume-plugins"),
            "podLogsDir": str(folder / "pod-logs"),
        },
    )


def proxy(folder: Path, access: Path) -> Path:
    """Leaves the limits of connection tracking as they are, which a namespace may not raise."""
    zero = {"maxPerCore": 0, "min": 0, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"}
    return _json(
        folder / "proxy.json",
        {
            "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
            "kind": "KubeProxyConfiguration",
            "mode": "iptables",
            "clientConnection": {"kubeconfig": str(access)},
            "clusterCIDR": PODS,
            "detectLocalMode": "ClusterCIDR",
            "hostnameOverride": NAME,
            "oomScoreAdj": 0,
            "conntrack": zero,
            "iptables": {"minSyncPeriod": "200ms"},
        },
    )


def admission(folder: Path) -> Path:
    """Pod Security `restricted` in every namespace, for everybody."""
    modes = ("enforce", "audit", "warn")
    defaults = dict.fromkeys(modes, "restricted") | {f"{mode}-version": "latest" for mode in modes}
    security = {
        "apiVersion": "pod-security.admission.config.k8s.io/v1",
        "kind": "PodSecurityConfiguration",
        "defaults": defaults,
    }
    whole = {"apiVersion": "apiserver.config.k8s.io/v1", "kind": "AdmissionConfiguration"}
    return _json(folder / "admission.json", whole | {"plugins": [{"name": "PodSecurity", "configuration": security}]})


def _json(file: Path, value: Json) -> Path:
    """Which is YAML, too."""
    return _file(file, json.dumps(value))


def _file(file: Path, text: str) -> Path:
    file.write_text(text)
    return file

"""The chart in the cluster: namespace, Secrets, a volume for documents, installing, upgrading, rolling back."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.cluster.images import SERVICES
from infra.cluster.kubernetes import ROOT, Kubernetes
from infra.cluster.servers import Beside

CHART = ROOT / "infra" / "helm" / "cpt"
WORKERS = int(os.environ.get("WORKERS") or 2)
"""Of each service; a rolling change starts and ends that many."""
KINDS = ("web", "worker", "migrate")
Json = dict[str, Any]


def _meta(name: str, **more: Any) -> Json:
    return {"name": name, "namespace": "cpt", **more}


def before(outside: Beside, documents: Path) -> list[Json]:
    """What an administrator makes before the chart: a namespace where nothing is allowed that is not asked for."""
    restricted = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "audit", "warn")}
    size = {"storage": "1Gi"}
    volume = {"capacity": size, "accessModes": ["ReadWriteMany"], "hostPath": {"path": str(documents)}}
    claim = {"accessModes": ["ReadWriteMany"], "storageClassName": "", "resources": {"requests": size}}
    deny = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "cpt", "labels": restricted}},
        {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": _meta("deny-all"), "spec": deny},
        {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "cpt-documents"}, "spec": volume},
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": _meta("documents"),
            "spec": {**claim, "volumeName": "cpt-documents"},
        },
        *(_secret(outside, service, kind) for service in SERVICES for kind in KINDS),
    ]


def _secret(outside: Beside, service: str, kind: str) -> Json:
    data = {"CPT_POSTGRES__DSN": outside.databases[service.replace("-", "_"), kind]}
    if kind != "migrate":
        data |= {"CPT_SESSION_KEY": outside.session_key, "CPT_OIDC__CLIENT_SECRET": outside.client_secret}
        data |= {"CPT_SPIRE__TOKEN": outside.spire_token}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": _meta(f"cpt-{service}-{kind}"), "stringData": data}


def values(outside: Beside, kubernetes: Kubernetes, tag: str) -> Json:
    """Small pods on a small node, and every edge named to the address."""
    there = [{"ipBlock": {"cidr": f"{outside.host}/32"}}]
    edges = {
        "postgres": outside.port(outside.postgres),
        "kafka": outside.port(outside.kafka),
        **dict.fromkeys(("oidc", "spire"), outside.campus),
        "smtp": outside.smtp,
    }
    cluster_dns = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}
    small: Json = {"resources": {"requests": {"cpu": "20m", "memory": "96Mi"}, "limits": {"memory": "384Mi"}}}
    return {
        "image": {"registry": "localhost/cpt", "tag": tag, "pullPolicy": "Never"},
        "environment": "development",
        "kafka": {"bootstrapServers": outside.kafka},
        "oidc": {"issuer": f"{outside.url}/oidc"},
        "spire": {"url": outside.url},
        "smtp": {"host": outside.host, "port": outside.smtp},
        "documents": {"url": "file:///documents", "claim": "documents"},
        "links": {"intake": "http://intake.example", "review": "http://review.example"},
        "mail": {"from": "cpt@ipo.example", "compliance": "compliance@ipo.example"},
        "office": {"phone": "413-555-0100", "address": "1 Campus Way, Amherst", "hours": "Monday to Friday"},
        "settings": outside.settings,
        "web": small,
        "worker": small | {"replicas": WORKERS},
        "job": {"resources": {"requests": {"cpu": "20m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}}},
        "network": {
            "dns": {"ports": [53, 5353], "to": [cluster_dns]},
            **{name: {"ports": [port], "to": there} for name, port in edges.items()},
            "callers": [{"ipBlock": {"cidr": cidr}} for cidr in kubernetes.insiders],
        },
    }


@dataclass(frozen=True)
class Installation:
    kubernetes: Kubernetes
    outside: Beside
    folder: Path

    def prepare(self) -> None:
        documents = self.folder / "documents"
        documents.mkdir()
        documents.chmod(0o777)
        wanted = {"apiVersion": "v1", "kind": "List", "items": before(self.outside, documents)}
        self.kubernetes.kubectl("apply", "-f", "-", given=json.dumps(wanted))

    def helm(self, *words: str) -> str:
        return self.kubernetes.run("helm", *words, "--namespace", "cpt")

    def install(self, tag: str) -> str:
        """Or upgrade, when it is there."""
        file = self.folder / "values.json"
        file.write_text(json.dumps(values(self.outside, self.kubernetes, tag)))
        return self.helm("upgrade", "--install", "cpt", str(CHART), "-f", str(file), "--wait", "--timeout", "480s")

    def addresses(self) -> dict[str, str]:
        """For the people of the story; a cluster address is reachable from this host."""
        found = json.loads(self.kubernetes.kubectl("get", "services", "-o", "json"))["items"]
        web = {s["metadata"]["name"].removeprefix("cpt-").removesuffix("-web"): s["spec"]["clusterIP"] for s in found}
        mine = {service: f"http://{web[service]}" for service in SERVICES}
        return mine | {"enrollment_sync": mine["enrollment-sync"], "campus": self.outside.url}

    def pods(self, kind: str = "") -> list[Json]:
        """Of the product, by kind of process; those that are about to end are left out."""
        label = "app.kubernetes.io/name=cpt" + (f",cpt.umass.edu/process={kind}" if kind else "")
        found = json.loads(self.kubernetes.kubectl("get", "pods", "-l", label, "-o", "json"))["items"]
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]

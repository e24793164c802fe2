"""The chart in the cluster: namespace, Secrets, a volume for documents, installing, upgrading, rolling back."""

import json
import os
import re
import secrets
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from infra.cluster.engine import Missing
from infra.cluster.images import SERVICES
from infra.cluster.kubernetes import ROOT, Kubernetes
from infra.cluster.secured import MECHANISM
from infra.cluster.servers import LINKS, Beside
from infra.demo.__main__ import SETTINGS as STORY
from infra.demo.cast import day

CHART = ROOT / "infra" / "helm" / "cpt"
WORKERS = int(os.environ.get("WORKERS") or 2)
"""Of each service; a rolling change starts and ends that many."""
KINDS = ("web", "worker", "migrate")
LIST = f"""key,emplid,name,email,route,employer,street,city,region,postal_code,hours_per_week,start_date,end_date,issued_on,signed_by
2026-0117,30029999,Mei Tanaka,mei@umass.example,credit,Hadley Farms Software,1 Elm St,Hadley,MA,01035,12,{day("2026-09-08")},{day("2026-12-11")},{day("2026-08-20")},Kim Lee
"""
"""Authorizations from before, as the office keeps them."""
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
        *(secret(outside, service, kind) for service in SERVICES for kind in KINDS),
        _holding("kafka-authority", {"ca.crt": outside.authority.read_text()}),
        *(_holding(f"kafka-{name}", {"password": word}) for name, word in outside.logins.items()),
        _holding("calendar", {"calendar.json": json.dumps(calendar())}),
        _holding("list", {"list.csv": LIST}),
    ]


def calendar() -> Json:
    """An official one for this run: the illustrative one, moved to the story's day."""
    text = (ROOT / "shared" / "src" / "cpt" / "campus" / "illustrative_calendar.json").read_text()
    moved: Json = json.loads(re.sub(r"\d{4}-\d{2}-\d{2}", lambda found: day(found[0]), text))
    return moved | {"version": moved["version"] + 1}


def secret(outside: Beside, service: str, kind: str) -> Json:
    data = {"CPT_POSTGRES__DSN": outside.databases[service.replace("-", "_"), kind]}
    if kind != "migrate":
        data |= {"CPT_SESSION_KEY": outside.session_key, "CPT_OIDC__CLIENT_SECRET": outside.client_secret}
        data |= {"CPT_SPIRE__TOKEN": outside.spire_token}
    return _holding(f"cpt-{service}-{kind}", data)


def _holding(name: str, data: dict[str, str]) -> Json:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": _meta(name), "stringData": data}


def values(outside: Beside, kubernetes: Kubernetes, tag: str) -> Json:
    """Small pods on a small node, and every edge named to the address."""
    there = [{"ipBlock": {"cidr": f"{outside.host}/32"}}]
    edges = {
        "postgres": outside.port(outside.postgres),
        "kafka": outside.port(outside.secured),
        **dict.fromkeys(("oidc", "spire"), outside.campus),
        "smtp": outside.smtp,
    }
    small: Json = {"resources": {"requests": {"cpu": "20m", "memory": "96Mi"}, "limits": {"memory": "384Mi"}}}
    return {
        "image": {"registry": "localhost/cpt", "tag": tag, "pullPolicy": "Never"},
        "kafka": {
            "bootstrapServers": outside.secured,
            "authority": {"secret": "kafka-authority"},
            "logins": {
                name: {"secret": f"kafka-{name}", "username": name, "keys": {"password": "CPT_KAFKA__PASSWORD"}}
                for name in (*SERVICES, "topics")
            },
        },
        "oidc": {"issuer": f"{outside.url}/oidc"},
        "spire": {"url": outside.url},
        "smtp": {"host": outside.host, "port": outside.smtp},
        "documents": {"url": "file:///documents", "claim": "documents"},
        "links": LINKS,
        "mail": {"from": "cpt@ipo.localhost", "compliance": "compliance@ipo.localhost"},
        "office": {"phone": "413-555-0100", "address": "1 Campus Way, Amherst", "hours": "Monday to Friday"},
        "settings": {**STORY, "CPT_KAFKA__TLS": "true", "CPT_KAFKA__MECHANISM": MECHANISM},
        "web": small,
        "worker": small | {"replicas": WORKERS},
        "job": {"resources": {"requests": {"cpu": "20m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}}},
        "network": {
            "dns": {"ports": [53], "to": [{"ipBlock": {"cidr": f"{kubernetes.names}/32"}}]},
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

    def install(self, tag: str, *words: str) -> str:
        """Or upgrade, when it is there."""
        file = self._values(tag)
        return self.helm("upgrade", "--install", "cpt", str(CHART), "-f", file, "--timeout", "480s", *words)

    def command(self, service: str, kind: str, *words: str, files: str = "") -> str:
        """What a command of operations says, run as a Job by the template of the chart. Raises CalledProcessError, Missing."""
        told = ("service", service), ("as", kind), ("words", f"{{{','.join(words)}}}"), ("actor", "kim@ipo.localhost")
        given = [word for name, value in (*told, ("files", files)) for word in ("--set", f"command.{name}={value}")]
        job = self.helm("template", "cpt", str(CHART), "-f", self._values("1"), "-s", "templates/command.yaml", *given)
        made = json.loads(self.kubernetes.kubectl("create", "-f", "-", "-o", "json", given=job))["metadata"]["name"]
        deadline = time.monotonic() + 180
        while not (status := json.loads(self.kubernetes.kubectl("get", f"job/{made}", "-o", "json"))["status"]).get(
            "succeeded"
        ):
            if status.get("failed") or time.monotonic() > deadline:
                said = self.kubernetes.kubectl("logs", f"job/{made}")
                raise Missing(f"{service} {' '.join(words)} failed: {said}")
            time.sleep(1)
        return self.kubernetes.kubectl("logs", f"job/{made}")

    def _values(self, tag: str) -> str:
        file = self.folder / "values.json"
        file.write_text(json.dumps(values(self.outside, self.kubernetes, tag)))
        return str(file)

    def change_secrets(self) -> Beside:
        """A new password of every role and a new first key; the servers know nothing of them yet."""
        old = self.outside
        fresh = {role: re.sub(r":[^:@/]+@", f":{secrets.token_hex(16)}@", dsn) for role, dsn in old.databases.items()}
        changed = replace(old, databases=fresh, session_key=f"{secrets.token_urlsafe(48)} {old.session_key}")
        items = [secret(changed, service, kind) for service in SERVICES for kind in KINDS]
        self.kubernetes.kubectl(
            "apply", "-f", "-", given=json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
        )
        return changed

    def has_arrived(self, changed: Beside) -> bool:
        """Whether every pod's mounted file holds the new address."""
        read = ("/opt/venv/bin/python", "-c", "print(open('/run/secrets/cpt/CPT_POSTGRES__DSN').read())")
        found = {
            pod["metadata"]["name"]: pod["metadata"]["labels"]["app.kubernetes.io/component"] for pod in self.pods()
        }
        wanted = {
            name: changed.databases[component.rpartition("-")[0].replace("-", "_"), component.rpartition("-")[2]]
            for name, component in found.items()
        }
        return all(self.kubernetes.kubectl("exec", name, "--", *read).strip() == dsn for name, dsn in wanted.items())

    async def alter_roles(self, changed: Beside) -> None:
        admin = await asyncpg.connect(self.outside.postgres)
        try:
            for address in map(urlsplit, changed.databases.values()):
                await admin.execute(f"ALTER ROLE {address.username} PASSWORD '{address.password}'")
        finally:
            await admin.close()

    def restart(self) -> None:
        self.kubernetes.kubectl("rollout", "restart", "deployment", "-l", "app.kubernetes.io/instance=cpt")

    def addresses(self) -> dict[str, str]:
        """For the people of the story; a cluster address is reachable from this host."""
        found = json.loads(self.kubernetes.kubectl("get", "services", "-o", "json"))["items"]
        web = {s["metadata"]["name"].removeprefix("cpt-").removesuffix("-web"): s["spec"]["clusterIP"] for s in found}
        mine = {service: f"http://{web[service]}" for service in SERVICES}
        return mine | {"enrollment_sync": mine["enrollment-sync"], "campus": self.outside.url}

    def pods(self, kind: str = "", service: str = "") -> list[Json]:
        """Of the product, by kind of process; those that have ended or are about to are left out."""
        label = "app.kubernetes.io/name=cpt" + (f",cpt.umass.edu/process={kind}" if kind else "")
        found = json.loads(self.kubernetes.kubectl("get", "pods", "-l", label, "-o", "json"))["items"]
        mine = f"{service}-" if service else ""
        going = [pod for pod in found if pod["status"].get("phase") not in ("Succeeded", "Failed")]
        return [pod for pod in going if "deletionTimestamp" not in pod["metadata"] and mine in pod["metadata"]["name"]]

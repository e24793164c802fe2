"""What happens to pods: killed, evicted, run out of memory."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from subprocess import CalledProcessError

from infra.cluster.engine import Missing
from infra.cluster.installation import Installation, Json

PYTHON = "/opt/venv/bin/python"
GREEDY = """
import os, time
with open("/proc/1/oom_score_adj", "w") as first:
    first.write("1000")  # of all that share this memory, the worker itself shall go
while True:
    if os.fork() == 0:
        held = bytearray(os.urandom(1)) * (12 << 20)
        time.sleep(60)
        os._exit(0)
    time.sleep(0.05)
"""


def until(what: str, holds: Callable[[], bool], seconds: float = 300) -> None:
    """Raises Missing."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise Missing(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(0.5)


def well(installation: Installation) -> bool:
    """Whether every deployment has all its pods, ready and of the newest template, and none is still on its way out: its
    leave would be counted as the next change's.
    """
    found = json.loads(installation.kubernetes.kubectl("get", "deployments", "-o", "json"))["items"]
    pods = json.loads(installation.kubernetes.kubectl("get", "pods", "-o", "json"))["items"]
    leaving = any("deletionTimestamp" in pod["metadata"] for pod in pods)
    return not leaving and all(_complete(deployment) for deployment in found)


def _complete(deployment: Json) -> bool:
    status, wanted = deployment["status"], deployment["spec"]["replicas"]
    seen = status.get("observedGeneration") == deployment["metadata"]["generation"]
    numbers = {status.get(name, 0) for name in ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")}
    return seen and numbers == {wanted}


def kill(installation: Installation, component: str) -> str:
    """Its name; the process gets no time to say farewell."""
    name: str = _named(installation, component)[0]["metadata"]["name"]
    installation.kubernetes.kubectl("delete", "pod", name, "--grace-period=0", "--force", "--wait=false")
    return name


def drain(installation: Installation) -> tuple[int, int]:
    """Evicts every pod as a drained node would, and gives how many went and how often a budget refused."""
    waiting, refused = [pod["metadata"]["name"] for pod in installation.pods()], 0
    evicted, deadline = len(waiting), time.monotonic() + 420
    while waiting:
        for name in list(waiting):
            if _evict(installation, name):
                waiting.remove(name)
            else:
                refused += 1
        if time.monotonic() > deadline:
            raise Missing(f"{len(waiting)} pods could not be evicted")
        time.sleep(1)
    return evicted, refused


def _evict(installation: Installation, name: str) -> bool:
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": "cpt"}}
    path = f"/api/v1/namespaces/cpt/pods/{name}/eviction"
    try:
        installation.kubernetes.kubectl("create", "--raw", path, "-f", "-", given=json.dumps(eviction))
    except CalledProcessError as error:
        if "disruption budget" not in error.stderr:
            raise
        return False
    return True


def exhaust_memory(installation: Installation, component: str) -> str:
    """Fills the memory of one pod until the kernel ends its worker; its name."""
    pod = _named(installation, component)[0]["metadata"]["name"]
    with suppress(CalledProcessError):  # the connection ends with the container
        installation.kubernetes.kubectl("exec", pod, "--", PYTHON, "-c", GREEDY)
    until(f"the end of {pod} for want of memory", lambda: _ended_by_memory(installation, component, pod))
    return str(pod)


def _ended_by_memory(installation: Installation, component: str, name: str) -> bool:
    for pod in _named(installation, component):
        if pod["metadata"]["name"] == name:
            (status,) = pod["status"]["containerStatuses"]
            return bool(status["lastState"].get("terminated", {}).get("reason") == "OOMKilled")
    return False


def _named(installation: Installation, component: str) -> list[Json]:
    pods = installation.pods(component.rpartition("-")[2])
    return [p for p in pods if p["metadata"]["labels"]["app.kubernetes.io/component"] == component]

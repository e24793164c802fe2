"""A network of the node's own: one namespace behind one link, which ends with the process that holds it."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOST, NODE, PREFIX = "10.199.78.1", "10.199.78.2", 30
"""This machine as the node and its pods see it, and the node as this machine sees it."""
PODS, SERVICES, FIRST_SERVICE = "10.46.0.0/24", "10.47.0.0/24", "10.47.0.1"
GATEWAY = "10.46.0.1"
"""From which the node itself speaks to its pods."""
OUTER = "cptnode0"


@dataclass(frozen=True)
class Link:
    holder: int

    def inside(self, *command: str) -> tuple[str, ...]:
        """The command, seeing this network and else everything that it would see."""
        return ("nsenter", f"--target={self.holder}", "--net", "--", *command)


@contextmanager
def linked() -> Iterator[Link]:
    """Addresses of pods and services are reachable from this machine, and its own ones from pods."""
    holder = subprocess.Popen(("unshare", "--net", "sleep", "infinity"))
    try:
        _until_apart(holder.pid)
        link = Link(holder.pid)
        _ip("link", "add", OUTER, "type", "veth", "peer", "name", "eth0", "netns", str(holder.pid))
        _ip("address", "add", f"{HOST}/{PREFIX}", "dev", OUTER)
        _ip("link", "set", OUTER, "up")
        for words in (
            ("address", "add", f"{NODE}/{PREFIX}", "dev", "eth0"),
            ("link", "set", "eth0", "up"),
            ("link", "set", "lo", "up"),
            ("route", "add", "default", "via", HOST),
        ):
            _run(*link.inside("ip", *words))
        _run(*link.inside("sysctl", "-qw", "net.ipv4.ip_forward=1"))
        for network in (PODS, SERVICES):
            _ip("route", "add", network, "via", NODE)
        yield link
    finally:
        subprocess.run(("ip", "link", "delete", OUTER), check=False, capture_output=True)
        holder.kill()
        holder.wait()


def _until_apart(pid: int) -> None:
    """`unshare` becomes `sleep` once the namespace is there."""
    deadline = time.monotonic() + 30
    while True:
        if Path(f"/proc/{pid}/comm").read_text().strip() == "sleep":
            return
        if time.monotonic() > deadline:
            raise TimeoutError("no network namespace")
        time.sleep(0.05)


def _ip(*words: str) -> None:
    _run("ip", *words)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)

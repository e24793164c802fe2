"""`python -m infra.cluster.node.inside FOLDER SERVER`: inside the node's network, names of Services and network policies."""

import asyncio
import ssl
import subprocess
import sys
from pathlib import Path

import httpx2

from infra.cluster.node.link import NODE
from infra.cluster.node.names import Names
from infra.cluster.node.policies import ENTRY, Json, Rules

AGAIN_SECONDS = 0.3


async def main(folder: Path, server: str) -> None:
    """Looks at the API again and again; a look that fails changes nothing."""
    trust = ssl.create_default_context(cafile=str(folder / "authority.crt"))
    trust.load_cert_chain(folder / "administrator.crt", folder / "administrator.key")
    _, names = await asyncio.get_running_loop().create_datagram_endpoint(Names, local_addr=(NODE, 53))
    for hook in ("FORWARD", "INPUT"):
        _restore([f":{ENTRY} - [0:0]", f"-I {hook} -j {ENTRY}"])
    applied: list[str] = []
    async with httpx2.AsyncClient(base_url=server, verify=trust, timeout=5) as api:
        while True:
            try:
                found = [await _items(api, path) for path in PATHS]
                names.services = addresses(found[0])
                lines = Rules(*found[1:]).lines()
                if lines != applied:
                    _restore(lines)
                    applied = lines
            except (httpx2.HTTPError, KeyError, subprocess.CalledProcessError) as error:
                print(f"not this time: {error!r}", flush=True)
            await asyncio.sleep(AGAIN_SECONDS)


PATHS = (
    "/api/v1/services",
    "/api/v1/pods",
    "/api/v1/namespaces",
    "/apis/networking.k8s.io/v1/networkpolicies",
)


def addresses(services: list[Json]) -> dict[str, str]:
    named = {f"{s['metadata']['name']}.{s['metadata']['namespace']}": s["spec"].get("clusterIP", "") for s in services}
    return {name: address for name, address in named.items() if address not in ("", "None")}


async def _items(api: httpx2.AsyncClient, path: str) -> list[Json]:
    answer = await api.get(path)
    answer.raise_for_status()
    items: list[Json] = answer.json()["items"]
    return items


def _restore(lines: list[str]) -> None:
    """All at once, or nothing."""
    text = "\n".join(["*filter", *lines, "COMMIT", ""])
    subprocess.run(("iptables-restore", "--noflush", "--wait"), input=text, text=True, check=True, capture_output=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))

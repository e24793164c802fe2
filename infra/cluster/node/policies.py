"""NetworkPolicy of Kubernetes (IPv4) as rules of iptables: pure, from what the API says.

Both ends must allow a connection; answers to one that was allowed pass; the node itself is never kept from its pods.
"""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network
from typing import Any

Json = dict[str, Any]
ENTRY = "CPT-POLICIES"
_ESTABLISHED = f"-A {ENTRY} -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN"
_REFUSED = "-j REJECT --reject-with icmp-admin-prohibited"
_SIDES = (("Egress", "egress", "to", "-s", "-d"), ("Ingress", "ingress", "from", "-d", "-s"))


def selects(selector: Json | None, labels: Json) -> bool:
    """An empty selector selects everything."""
    wanted = (selector or {}).get("matchLabels") or {}
    expressions = (selector or {}).get("matchExpressions") or []
    return wanted.items() <= labels.items() and all(_holds(one, labels) for one in expressions)


def _holds(expression: Json, labels: Json) -> bool:
    found = labels.get(expression["key"])
    match expression["operator"]:
        case "In":
            return found in expression["values"]
        case "NotIn":
            return found not in expression["values"]
        case "Exists":
            return found is not None
        case _:
            return found is None


class Rules:
    """`lines` are what iptables-restore reads between `*filter` and `COMMIT`: every chain is made anew."""

    def __init__(self, pods: list[Json], namespaces: list[Json], policies: list[Json]) -> None:
        self._pods = [pod for pod in pods if _on_the_network(pod)]
        self._namespaces = {each["metadata"]["name"]: _labels(each) for each in namespaces}
        self._policies = policies

    def lines(self) -> list[str]:
        chains, entries = [], [_ESTABLISHED]
        for pod in self._pods:
            address = pod["status"]["podIP"]
            for side, field, peers, mine, theirs in _SIDES:
                found = [policy["spec"] for policy in self._policies if self._concerns(policy, pod, side)]
                if found:
                    chain = f"{side}-{address}"
                    rules = [rule for spec in found for rule in spec.get(field) or []]
                    allowed = {line for rule in rules for line in self._allowed(pod, rule, peers, theirs)}
                    chains += [f":{chain} - [0:0]", *(f"-A {chain} {line} -j RETURN" for line in sorted(allowed))]
                    chains.append(f"-A {chain} {_REFUSED}")
                    entries.append(f"-A {ENTRY} {mine} {address} -j {chain}")
        return [f":{ENTRY} - [0:0]", *chains, *entries]

    def _concerns(self, policy: Json, pod: Json, side: str) -> bool:
        spec = policy["spec"]
        sides = spec.get("policyTypes") or ["Ingress", *(["Egress"] if "egress" in spec else [])]
        here = policy["metadata"]["namespace"] == pod["metadata"]["namespace"]
        return here and side in sides and selects(spec.get("podSelector"), _labels(pod))

    def _allowed(self, pod: Json, rule: Json, peers: str, theirs: str) -> Iterator[str]:
        namespace = pod["metadata"]["namespace"]
        named = rule.get(peers)
        places = (
            [place for peer in named for place in self._places(peer, namespace)] if named else [("0.0.0.0/0", None)]
        )
        for address, other in places:
            receiver = other if peers == "to" else pod
            for port in _ports(rule.get("ports"), receiver):
                yield f"{theirs} {address} {port}".rstrip()

    def _places(self, peer: Json, namespace: str) -> Iterator[tuple[str, Json | None]]:
        if block := peer.get("ipBlock"):
            yield from ((str(network), None) for network in _without(block["cidr"], block.get("except") or []))
            return
        for pod in self._pods:
            where = pod["metadata"]["namespace"]
            near = (
                selects(peer["namespaceSelector"], self._namespaces[where])
                if "namespaceSelector" in peer
                else (where == namespace)
            )
            if near and selects(peer.get("podSelector"), _labels(pod)):
                yield pod["status"]["podIP"], pod


def _on_the_network(pod: Json) -> bool:
    status = pod["status"]
    return (
        bool(status.get("podIP"))
        and status.get("phase") in ("Pending", "Running")
        and not pod["spec"].get("hostNetwork")
    )


def _labels(thing: Json) -> Json:
    return thing["metadata"].get("labels") or {}


def _without(network: str, others: Iterable[str]) -> list[IPv4Network]:
    left = [IPv4Network(network)]
    for other in map(IPv4Network, others):
        left = [part for one in left for part in (one.address_exclude(other) if other.subnet_of(one) else [one])]
    return left


def _ports(ports: list[Json] | None, receiver: Json | None) -> Iterator[str]:
    """A name is looked up at whoever receives."""
    if not ports:
        yield ""
    for port in ports or []:
        protocol, number = port.get("protocol", "TCP"), port.get("port")
        if isinstance(number, str):
            number = _named(receiver, number, protocol)
            if number is None:
                continue
        last = f":{port['endPort']}" if "endPort" in port else ""
        yield f"-p {protocol.lower()}" + (f" --dport {number}{last}" if number is not None else "")


def _named(receiver: Json | None, name: str, protocol: str) -> int | None:
    containers = receiver["spec"]["containers"] if receiver else []
    for port in (port for container in containers for port in container.get("ports") or []):
        if port.get("name") == name and port.get("protocol", "TCP") == protocol:
            return int(port["containerPort"])
    return None

"""The parts of the run's own node that need no Kubernetes: names, policies, certificates, and what it says where it cannot run."""

import ssl
import struct

import pytest

from infra.cluster import kubernetes
from infra.cluster.engine import Missing
from infra.cluster.node import programs
from infra.cluster.node.inside import addresses
from infra.cluster.node.keys import Authority
from infra.cluster.node.names import answer
from infra.cluster.node.policies import ENTRY, Rules, selects

A, AAAA = 1, 28


def question(name, kind):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return b"\x12\x34" + struct.pack(">5H", 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">2H", kind, 1)


@pytest.mark.parametrize(
    ("name", "kind", "code", "address"),
    [
        ("cpt-intake-web.cpt.svc.cluster.local", A, 0, bytes([10, 47, 0, 9])),
        ("CPT-Intake-Web.cpt.svc.cluster.local", A, 0, bytes([10, 47, 0, 9])),
        ("cpt-intake-web.cpt.svc.cluster.local", AAAA, 0, b""),
        ("cpt-intake-web.other.svc.cluster.local", A, 3, b""),
        ("db.umass.edu", A, 3, b""),
    ],
)
def test_names_of_services_are_answered_and_no_others(name, kind, code, address):
    asked = question(name, kind)
    told = answer(asked, {"cpt-intake-web.cpt": "10.47.0.9"})
    number, flags, _, answers = struct.unpack(">4H", told[:8])

    assert (number, flags & 0xF, answers) == (0x1234, code, int(bool(address)))
    assert told[12 : len(asked)] == asked[12:]
    assert told[len(asked) :][-4:] == address


def test_a_service_without_an_address_of_its_own_has_no_name():
    made = [
        {"metadata": {"name": n, "namespace": "cpt"}, "spec": {"clusterIP": ip}}
        for n, ip in (("a", "None"), ("b", "1"))
    ]

    assert addresses(made) == {"b.cpt": "1"}


def pod(name, ip, namespace="cpt", **labels):
    ports = [{"name": "http", "containerPort": 8000}]
    return {
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {"containers": [{"ports": ports}]},
        "status": {"podIP": ip, "phase": "Running"},
    }


def policy(selector, **spec):
    return {"metadata": {"namespace": "cpt"}, "spec": {"podSelector": {"matchLabels": selector}, **spec}}


WEB, WORKER, STRANGER = (
    pod("web", "10.0.0.1", kind="web"),
    pod("worker", "10.0.0.2", kind="worker"),
    pod("x", "10.0.0.3", "y"),
)
NAMESPACES = [{"metadata": {"name": name, "labels": {"name": name}}} for name in ("cpt", "y")]


def lines(*policies):
    return Rules([WEB, WORKER, STRANGER], NAMESPACES, list(policies)).lines()


def test_a_policy_without_rules_shuts_both_ways_of_its_pods_and_of_no_others():
    found = lines(policy({"kind": "web"}, policyTypes=["Ingress", "Egress"]))

    assert f"-A {ENTRY} -s 10.0.0.1 -j Egress-10.0.0.1" in found
    assert f"-A {ENTRY} -d 10.0.0.1 -j Ingress-10.0.0.1" in found
    assert [line for line in found if "10.0.0.2" in line] == []
    assert [line for line in found if "-A Egress" in line] == [
        "-A Egress-10.0.0.1 -j REJECT --reject-with icmp-admin-prohibited"
    ]


def test_peers_are_pods_of_the_same_namespace_unless_namespaces_are_named():
    near = policy({"kind": "web"}, ingress=[{"from": [{"podSelector": {}}], "ports": [{"port": "http"}]}])
    far = policy({"kind": "web"}, ingress=[{"from": [{"namespaceSelector": {"matchLabels": {"name": "y"}}}]}])

    assert "-A Ingress-10.0.0.1 -s 10.0.0.2 -p tcp --dport 8000 -j RETURN" in lines(near)
    assert not [line for line in lines(near) if "10.0.0.3" in line]
    assert "-A Ingress-10.0.0.1 -s 10.0.0.3 -j RETURN" in lines(far)


def test_a_block_is_open_but_for_its_exceptions_and_ports_may_be_a_range():
    to = [{"ipBlock": {"cidr": "10.1.0.0/30", "except": ["10.1.0.0/31"]}}]
    found = lines(
        policy({"kind": "web"}, egress=[{"to": to, "ports": [{"port": 80, "endPort": 89}]}], policyTypes=["Egress"])
    )

    assert [line for line in found if line.startswith("-A Egress") and "RETURN" in line] == [
        "-A Egress-10.0.0.1 -d 10.1.0.2/31 -p tcp --dport 80:89 -j RETURN"
    ]


def test_a_rule_without_peers_is_open_to_anybody():
    assert "-A Ingress-10.0.0.1 -s 0.0.0.0/0 -j RETURN" in lines(policy({"kind": "web"}, ingress=[{}]))


@pytest.mark.parametrize(
    ("operator", "values", "holds"),
    [("In", ["a"], True), ("NotIn", ["a"], False), ("Exists", None, True), ("DoesNotExist", None, False)],
)
def test_expressions_of_a_selector(operator, values, holds):
    expression = {"key": "k", "operator": operator, "values": values}

    assert selects({"matchExpressions": [expression]}, {"k": "a"}) is holds


def test_what_the_authority_signs_is_trusted_by_whoever_trusts_it(tmp_path):
    authority = Authority(tmp_path)
    pair = authority.sign("kafka", addresses=("127.0.0.1", "kafka.local"))
    client, server = (
        ssl.create_default_context(cafile=authority.pair.certificate),
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
    )
    server.load_cert_chain(pair.certificate, pair.key)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    asks = client.wrap_bio(to_client, to_server, server_hostname="127.0.0.1")
    answers = server.wrap_bio(to_server, to_client, server_side=True)
    done = set()
    while len(done) < 2:
        for end in (asks, answers):
            try:
                end.do_handshake()
                done.add(end)
            except ssl.SSLWantReadError:
                continue

    assert asks.getpeercert()["subject"] == ((("commonName", "kafka"),),)
    assert pair.key.stat().st_mode & 0o077 == 0


def test_without_what_a_node_needs_it_says_so_and_stops(monkeypatch):
    monkeypatch.setattr(kubernetes.tools, "helm", lambda: "")
    with pytest.raises(Missing, match="no helm"):
        kubernetes.prepared()

    monkeypatch.setattr(programs.os, "getuid", lambda: 1000)
    with pytest.raises(Missing, match="needs root"):
        programs.programs()


def test_modules_that_are_not_those_of_the_checksum_build_nothing(tmp_path):
    other = tmp_path / "go.sum"
    other.write_text("k8s.io/kubernetes v1.36.3 h1:other=\n")

    with pytest.raises(Missing, match="not those of its checksum"):
        programs.verify(other)

"""Kafka as a campus has it: TLS, a SCRAM login for each service, and the rules of acls.yaml; plain on loopback for this run alone."""

from dataclasses import replace
from pathlib import Path

import yaml
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import CreateAclsRequest

from infra.cluster.engine import Missing
from infra.cluster.node.keys import Authority
from infra.devstack.child import Program
from infra.devstack.ports import free_port

ACLS = yaml.safe_load((Path(__file__).parents[1] / "kafka" / "acls.yaml").read_text())
MECHANISM = "SCRAM-SHA-512"
GROUPS = "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.coordinator.group=info"
"""So that the broker's log tells each time a group shares out its partitions."""
_TOPIC, _GROUP, _LITERAL, _ANY_HOST, _READ, _WRITE, _ALLOW = 2, 3, 3, "*", 3, 4, 3
"""Kafka's numbers for kinds of resources, patterns, operations and permissions."""


def logins(passwords: dict[str, str]) -> tuple[str, ...]:
    """As the formatting of the broker's storage wants them."""
    return tuple(f"{MECHANISM}=[name={name},password={password}]" for name, password in passwords.items())


def secured(program: Program, plain: str, host: str, authority: Authority) -> tuple[Program, str]:
    """And the address for pods. `topics` may do everything, as whoever makes topics; so may who comes by loopback."""
    own = authority.sign("kafka", addresses=(host,))
    keys = program.folder / "keys.pem"
    keys.touch(mode=0o600)
    keys.write_bytes(own.key.read_bytes() + own.certificate.read_bytes() + authority.pair.certificate.read_bytes())
    there, file = f"{host}:{free_port()}", program.folder / "server.properties"
    given = dict(line.split("=", 1) for line in file.read_text().splitlines())
    for name in ("listeners", "advertised.listeners"):
        given[name] = given[name].replace(f"PLAINTEXT://{plain}", f"PLAINTEXT://{plain},SASL_SSL://{there}", 1)
    given["listener.security.protocol.map"] += ",SASL_SSL:SASL_SSL"
    login = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    given |= {
        "sasl.enabled.mechanisms": MECHANISM,
        f"listener.name.sasl_ssl.{MECHANISM.lower()}.sasl.jaas.config": login,
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(keys),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS;User:topics",
    }
    file.write_text("".join(f"{name}={value}\n" for name, value in given.items()))
    return replace(program, command=(program.command[0], GROUPS, *program.command[1:])), there


async def allow(plain: str) -> None:
    """What an administrator makes of acls.yaml. Raises Missing."""
    wanted = [
        (kind, name, _LITERAL, f"User:{principal}", _ANY_HOST, operation, _ALLOW)
        for principal, may in ACLS.items()
        for kind, operation, key in ((_GROUP, _READ, "groups"), (_TOPIC, _READ, "read"), (_TOPIC, _WRITE, "write"))
        for name in may[key]
    ]
    admin = AIOKafkaAdminClient(bootstrap_servers=plain)
    await admin.start()
    try:
        for one in wanted:
            answer = await admin._send_to_controller(CreateAclsRequest(*one))  # noqa: SLF001 the client has no other way
            if any(code for code, *_ in answer.creation_responses):
                raise Missing(f"Kafka took no rule: {answer}")
    finally:
        await admin.close()

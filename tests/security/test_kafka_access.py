"""Each principal can do on Kafka what infra/kafka/acls.yaml says and nothing else: on a real broker with TLS and SCRAM."""

import asyncio
import base64
import json
import re
import sys
import uuid
from asyncio.subprocess import PIPE
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    AuthenticationFailedError,
    GroupAuthorizationFailedError,
    KafkaConnectionError,
    TopicAuthorizationFailedError,
    for_code,
)
from aiokafka.protocol.admin import CreateAclsRequest
from pydantic import SecretStr

from cpt.messaging.access import access
from cpt.messaging.kafka import build_broker, build_producer
from cpt.messaging.kafka_settings import KafkaSettings
from cpt.messaging.topics import TopicList, ensure_topics
from cpt.messaging.within import within
from infra.devstack import tools
from infra.devstack.child import Program, finish, running, tail
from infra.devstack.kafka import FLAGS, jars, properties
from infra.devstack.patience import stretched
from infra.devstack.ports import free_port
from tests.certificates import write_certificates
from tests.connect_page import blocks, events
from tests.unit.web.issuer_stand_in import StandInIssuer
from tests.unit.web.serving import served

KAFKA = Path("infra/kafka")
ACLS = yaml.safe_load((KAFKA / "acls.yaml").read_text())
TOPICS = yaml.safe_load((KAFKA / "topics.yaml").read_text())
NAMES = TOPICS["topics"]
SECRET = "a-secret-of-the-test"
TOPIC, GROUP, LITERAL, ANY_HOST, READ, WRITE, ALLOW = 2, 3, 3, "*", 3, 4, 3
"""Kafka's numbers for kinds of resources, patterns, operations and permissions."""


MODULES = {
    "SCRAM-SHA-512": "scram.ScramLoginModule",
    "SCRAM-SHA-256": "scram.ScramLoginModule",
    "PLAIN": "plain.PlainLoginModule",
    "OAUTHBEARER": "oauthbearer.OAuthBearerLoginModule",
}
WAYS = (*MODULES, "mutual TLS")
SESSION_MS = 3_000
"""After it the broker wants a new token of whoever came with one."""


def _secured(folder, port, port_of_certificates, issuer):
    """Every login on one listener, and another one for those who show a certificate."""
    listener = f"127.0.0.1:{port}"
    plain = properties(listener, listener, f"127.0.0.1:{free_port()}")
    others, by_certificate = f"SASL_SSL://{listener}", f"MTLS://127.0.0.1:{port_of_certificates}"
    users = {
        "PLAIN": " ".join(f'user_{name}="{SECRET}"' for name in ("admin", *ACLS)),
        "SCRAM-SHA-512": f'username="admin" password="{SECRET}"',
    }
    logins = {
        f"listener.name.sasl_ssl.{name.lower()}.sasl.jaas.config":
            f"org.apache.kafka.common.security.{module} required {users.get(name, '')};"
        for name, module in MODULES.items()
    }  # fmt: skip
    tokens = {
        "sasl.server.callback.handler.class":
            "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler",
        "connections.max.reauth.ms": SESSION_MS,
    }  # fmt: skip
    return plain | {
        "listeners": plain["listeners"].replace(f"PLAINTEXT://{listener}", f"{others},{by_certificate}", 1),
        "advertised.listeners": f"{others},{by_certificate}",
        "inter.broker.listener.name": "SASL_SSL",
        "listener.security.protocol.map": "SASL_SSL:SASL_SSL,MTLS:SSL,CONTROLLER:PLAINTEXT",
        "sasl.enabled.mechanisms": ",".join(MODULES),
        "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
        **logins,
        **{f"listener.name.sasl_ssl.oauthbearer.{name}": value for name, value in tokens.items()},
        "sasl.oauthbearer.jwks.endpoint.url": f"{issuer}/keys",
        "sasl.oauthbearer.expected.issuer": issuer,
        "sasl.oauthbearer.expected.audience": "kafka",
        "listener.name.mtls.ssl.client.auth": "required",
        "listener.name.mtls.ssl.principal.mapping.rules": "RULE:^CN=(.*)$/$1/",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(folder / "both.pem"),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(folder / "ca.pem"),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:admin;User:ANONYMOUS",  # the controller's own listener on loopback knows no logins
    }


@pytest.fixture(scope="module")
async def issuer():
    made = []

    def app(url):
        made.append(StandInIssuer(url, lambda: datetime.now(UTC)))
        return made[0].app()

    async with served(app):
        yield made[0]


@pytest.fixture(scope="module")
async def kafka_as(tmp_path_factory, issuer):
    """`kafka_as(principal, way)` are the settings of that principal."""
    folder = write_certificates(tmp_path_factory.mktemp("secure"), clients=("admin", *ACLS))
    port, certified, log = free_port(), free_port(), folder / "log"
    lines = (f"{k}={v}\n" for k, v in _secured(folder, port, certified, issuer.url).items())
    (folder / "server.properties").write_text("".join(lines))
    trusted = f"-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls={issuer.url}/keys"
    java = (await tools.java(log), *FLAGS, trusted, "-cp", str(await jars(log) / "*"))
    identity = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A")
    scram = [way for way in MODULES if way.startswith("SCRAM")]
    logins = [f"{way}=[name={name},password={SECRET}]" for name in ("admin", *ACLS) for way in scram]
    words = ("format", "--standalone", "-t", identity, "-c", "server.properties")
    words += tuple(word for login in logins for word in ("--add-scram", login))
    await finish(Program("format", (*java, "kafka.tools.StorageTool", *words), folder, log))

    async def started():
        return "Kafka Server started" in tail(log, lines=500)

    def settings(principal, way="SCRAM-SHA-512", **changes):
        given = {"tls": True, "ca_file": str(folder / "ca.pem")}
        if way == "mutual TLS":
            given |= {"cert_file": str(folder / f"{principal}.crt"), "key_file": str(folder / f"{principal}.key")}
        elif way == "OAUTHBEARER":
            oauth = {"token_url": f"{issuer.url}/token", "client_id": principal, "client_secret": "s3cret"}
            given |= {"mechanism": way, "oauth": oauth | {"audience": "kafka"}}
        else:
            given |= {"mechanism": way, "username": principal, "password": SecretStr(SECRET)}
        at = certified if way == "mutual TLS" else port
        return KafkaSettings(bootstrap_servers=f"127.0.0.1:{at}", **given | changes)

    async with running(Program("kafka", (*java, "kafka.Kafka", "server.properties"), folder, log, ready=started)):
        await ensure_topics(settings("admin"), TopicList.model_validate(TOPICS))
        await _allow(settings("admin"))
        yield settings


async def _allow(settings):
    """What Strimzi, or an administrator, makes of acls.yaml; and one record to read on each topic."""
    wanted = [
        (kind, name, LITERAL, f"User:{principal}", ANY_HOST, operation, ALLOW)
        for principal, may in ACLS.items()
        for kind, operation, key in ((GROUP, READ, "groups"), (TOPIC, READ, "read"), (TOPIC, WRITE, "write"))
        for name in may[key]
    ]
    admin = AIOKafkaAdminClient(**access(settings))
    await admin.start()
    for one in wanted:
        answer = await admin._send_to_controller(CreateAclsRequest(*one))
        assert {code for code, *_ in answer.creation_responses} == {0}, answer
    await admin.close()
    producer = build_producer(settings, "admin")
    await producer.start()
    for topic in NAMES:
        await producer.send_and_wait(topic, b"{}", partition=0)
    await producer.stop()


async def _may_write(settings, topic):
    producer = build_producer(settings, "tests")
    await producer.start()
    try:
        await producer.send_and_wait(topic, b"{}", partition=0)
    except TopicAuthorizationFailedError:
        return False
    finally:
        await producer.stop()
    return True


async def _may_read(settings, topic, group=None):
    consumer = AIOKafkaConsumer(**access(settings), group_id=group, auto_offset_reset="earliest")
    await consumer.start()
    try:
        if topic not in await consumer.topics():  # to read is to see; the client would ask for ever
            return False
        if group:
            consumer.subscribe([topic])
        else:
            consumer.assign([TopicPartition(topic, 0)])
        async with asyncio.timeout(stretched(15)):
            await consumer.getone()
    except (TopicAuthorizationFailedError, GroupAuthorizationFailedError):
        return False
    finally:
        await consumer.stop()
    return True


@pytest.mark.parametrize("principal", ACLS)
async def test_a_principal_reads_and_writes_its_topics_and_no_other(kafka_as, principal):
    mine = kafka_as(principal)

    async with asyncio.TaskGroup() as group:
        writes = {topic: group.create_task(_may_write(mine, topic)) for topic in NAMES}
        reads = {topic: group.create_task(_may_read(mine, topic)) for topic in NAMES}

    assert {topic for topic, done in writes.items() if done.result()} == set(ACLS[principal]["write"])
    assert {topic for topic, done in reads.items() if done.result()} == set(ACLS[principal]["read"])


@pytest.mark.parametrize("principal", [name for name, may in ACLS.items() if may["groups"]])
async def test_a_service_joins_its_own_group_and_no_other(kafka_as, principal):
    """Another group's progress could be moved, and its partitions taken."""
    mine, topic = kafka_as(principal), ACLS[principal]["read"][0]
    groups = [name for may in ACLS.values() for name in may["groups"]]

    async with asyncio.TaskGroup() as tasks:
        joined = {group: tasks.create_task(_may_read(mine, topic, group)) for group in groups}

    assert {group for group, done in joined.items() if done.result()} == set(ACLS[principal]["groups"])


async def test_a_service_may_make_no_topics(kafka_as):
    admin = AIOKafkaAdminClient(**access(kafka_as("intake")))
    await admin.start()
    wanted = TopicList.model_validate(TOPICS | {"topics": ["mine"]}).made_for(1, ["mine"])
    answer = await admin.create_topics(wanted)
    await admin.close()

    assert [for_code(code).__name__ for _, code, _ in answer.topic_errors] == ["TopicAuthorizationFailedError"]


@pytest.mark.parametrize("way", WAYS)
async def test_whatever_way_a_service_signs_in_it_is_itself_for_worker_relay_and_topic_job(kafka_as, way):
    """The broker of the worker, the producer of the relay, the admin client of the topic job and of `rewind`."""
    mine = kafka_as("review", way)
    broker, came = build_broker(mine, "review"), asyncio.Event()

    @broker.subscriber("cpt.intake", group_id="review", auto_offset_reset="earliest", no_reply=True, batch=True)
    async def hear(_messages: list[bytes]):
        came.set()

    async with asyncio.TaskGroup() as group:
        own = group.create_task(_may_write(mine, "cpt.review"))
        others = group.create_task(_may_write(mine, "cpt.intake"))
        topics = group.create_task(ensure_topics(kafka_as("admin", way), TopicList.model_validate(TOPICS)))
        await broker.start()
        await _may_write(kafka_as("intake", way), "cpt.intake")
        await asyncio.wait_for(came.wait(), stretched(15))
        await broker.stop()

    assert (own.result(), others.result(), topics.result()) == (True, False, [])


async def test_a_consumer_outlives_its_token(kafka_as, issuer):
    """The broker ends what came with a token that is over; the next one is asked for in time."""
    issuer.lasts = 2 * SESSION_MS / 1000
    broker, came = build_broker(kafka_as("review", "OAUTHBEARER"), "review"), asyncio.Event()
    tokens = len(issuer.exchanged)

    @broker.subscriber(
        "cpt.enrollment", group_id="review", auto_offset_reset="earliest", no_reply=True, batch=True,
        heartbeat_interval_ms=300,  # several in the life of a token, as outside of tests
    )  # fmt: skip
    async def hear(_messages: list[bytes]):
        came.set()

    try:
        async with asyncio.timeout(stretched(40)):
            await broker.start()
            while len(issuer.exchanged) < tokens + 2:
                came.clear()
                await _may_write(kafka_as("enrollment-sync"), "cpt.enrollment")
                await came.wait()
    finally:
        issuer.lasts = 3600
        await within(5, broker.stop())


@pytest.mark.parametrize(
    ("way", "changes"),
    [
        ("SCRAM-SHA-512", {"password": SecretStr("wrong")}),
        ("SCRAM-SHA-512", {"ca_file": ""}),
        ("SCRAM-SHA-512", {"tls": False}),
        ("SCRAM-SHA-512", {"username": ""}),
        ("PLAIN", {"password": SecretStr("wrong")}),
        ("OAUTHBEARER", {"oauth": {"client_secret": "wrong"}}),
        ("OAUTHBEARER", {"oauth": {"token_url": "http://127.0.0.1:1/token"}}),
        ("mutual TLS", {"cert_file": "", "key_file": ""}),
    ],
)
async def test_without_the_password_the_authority_tls_a_token_or_a_login_nobody_gets_in(kafka_as, way, changes):
    """An unknown certificate gets no password."""
    given = kafka_as("intake", way).model_dump()
    changed = changes | {"oauth": given["oauth"] | changes.get("oauth", {})}
    producer = build_producer(KafkaSettings(**given | changed), "tests")
    with pytest.raises((AuthenticationFailedError, KafkaConnectionError)):
        await asyncio.wait_for(producer.start(), stretched(20))
    await producer.stop()


async def test_a_token_for_somebody_else_opens_nothing(kafka_as):
    """The client library does not hear the broker's refusal of a token, and waits as if the broker were silent."""
    given = kafka_as("intake", "OAUTHBEARER").model_dump()
    producer = build_producer(KafkaSettings(**given | {"oauth": given["oauth"] | {"audience": "elsewhere"}}), "tests")
    with pytest.raises((TimeoutError, AuthenticationFailedError, KafkaConnectionError)):
        await asyncio.wait_for(producer.start(), 4)
    await within(5, producer.stop())


@pytest.mark.parametrize("service", ["intake", "enrollment_sync", "review", "notifier"])
def test_a_service_may_read_what_it_consumes_and_its_own_topic(consumed, service):
    """The list is no wider than the code."""
    name = service.replace("_", "-")
    own = {"enrollment-sync": "cpt.enrollment"}.get(name, f"cpt.{name}")

    assert set(ACLS[name]["read"]) == consumed(service) | {own}


async def test_the_producer_of_the_page_sends_over_tls_with_its_login(kafka_as, tmp_path):
    """docs/connect.md; into another's topic it may not."""
    (producer,) = blocks("python")
    (tmp_path / "producer.py").write_text(producer)
    mine, event = kafka_as("registrar"), json.dumps(events()["drop"]).encode()
    login = {"KAFKA": mine.bootstrap_servers, "KAFKA_CA": mine.ca_file, "KAFKA_USER": "registrar"}

    async def produced(topic):
        running = await asyncio.create_subprocess_exec(
            sys.executable, str(tmp_path / "producer.py"), topic, stdin=PIPE, stdout=PIPE, stderr=PIPE,
            env=login | {"KAFKA_PASSWORD": SECRET},
        )  # fmt: skip
        out, err = await asyncio.wait_for(running.communicate(event), stretched(60))
        return out.decode(), err.decode()

    assert re.fullmatch(r"partition=\d&offset=\d+\n", (await produced("campus.enrollment"))[0])
    assert "TopicAuthorizationFailedError" in (await produced("campus.agreement"))[1]

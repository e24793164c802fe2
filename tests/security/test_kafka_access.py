"""Each principal can do on Kafka what infra/kafka/acls.yaml says and nothing else: on a real broker with TLS and SCRAM."""

import asyncio
import base64
import json
import re
import sys
import uuid
from asyncio.subprocess import PIPE
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

from cpt.messaging.kafka import build_broker, build_producer
from cpt.messaging.kafka_settings import KafkaSettings
from cpt.messaging.topics import TopicList, ensure_topics
from infra.devstack import tools
from infra.devstack.child import Program, finish, running, tail
from infra.devstack.kafka import FLAGS, jars, properties
from infra.devstack.patience import stretched
from infra.devstack.ports import free_port
from tests.certificates import write_certificates
from tests.connect_page import blocks, events

KAFKA = Path("infra/kafka")
ACLS = yaml.safe_load((KAFKA / "acls.yaml").read_text())
TOPICS = yaml.safe_load((KAFKA / "topics.yaml").read_text())
NAMES = TOPICS["topics"]
SECRET = "a-secret-of-the-test"
TOPIC, GROUP, LITERAL, ANY_HOST, READ, WRITE, ALLOW = 2, 3, 3, "*", 3, 4, 3
"""Kafka's numbers for kinds of resources, patterns, operations and permissions."""


def _secured(folder, port):
    listener = f"127.0.0.1:{port}"
    plain = properties(listener, listener, f"127.0.0.1:{free_port()}")
    login = f'org.apache.kafka.common.security.scram.ScramLoginModule required username="admin" password="{SECRET}";'
    return plain | {
        "listeners": plain["listeners"].replace("PLAINTEXT://", "SASL_SSL://", 1),
        "advertised.listeners": f"SASL_SSL://{listener}",
        "inter.broker.listener.name": "SASL_SSL",
        "listener.security.protocol.map": "SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": login,
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(folder / "both.pem"),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(folder / "ca.pem"),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:admin;User:ANONYMOUS",  # the controller's own listener on loopback knows no logins
    }


@pytest.fixture(scope="module")
async def kafka_as(tmp_path_factory):
    """`kafka_as(principal)` are the settings of that principal."""
    folder = write_certificates(tmp_path_factory.mktemp("secure"))
    port, log = free_port(), folder / "log"
    (folder / "server.properties").write_text("".join(f"{k}={v}\n" for k, v in _secured(folder, port).items()))
    java = (await tools.java(log), *FLAGS, "-cp", str(await jars(log) / "*"))
    identity = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A")
    logins = [f"SCRAM-SHA-512=[name={name},password={SECRET}]" for name in ("admin", *ACLS)]
    words = ("format", "--standalone", "-t", identity, "-c", "server.properties")
    words += tuple(word for login in logins for word in ("--add-scram", login))
    await finish(Program("format", (*java, "kafka.tools.StorageTool", *words), folder, log))

    async def started():
        return "Kafka Server started" in tail(log, lines=500)

    def settings(principal, **changes):
        given = dict(username=principal, password=SecretStr(SECRET), tls=True, ca_file=str(folder / "ca.pem"))
        return KafkaSettings(bootstrap_servers=f"127.0.0.1:{port}", **given | changes)

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
    admin = AIOKafkaAdminClient(**settings.access())
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
    consumer = AIOKafkaConsumer(**settings.access(), group_id=group, auto_offset_reset="earliest")
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
    admin = AIOKafkaAdminClient(**kafka_as("intake").access())
    await admin.start()
    wanted = TopicList.model_validate(TOPICS | {"topics": ["mine"]}).made_for(1, ["mine"])
    answer = await admin.create_topics(wanted)
    await admin.close()

    assert [for_code(code).__name__ for _, code, _ in answer.topic_errors] == ["TopicAuthorizationFailedError"]


async def test_the_worker_s_broker_consumes_over_tls_with_its_login(kafka_as):
    broker, came = build_broker(kafka_as("review"), "review"), asyncio.Event()

    @broker.subscriber("cpt.intake", group_id="review", auto_offset_reset="earliest", no_reply=True, batch=True)
    async def hear(_messages: list[bytes]):
        came.set()

    await broker.start()
    try:
        await asyncio.wait_for(came.wait(), stretched(15))
    finally:
        await broker.stop()


@pytest.mark.parametrize(
    "changes", [{"password": SecretStr("wrong")}, {"ca_file": ""}, {"tls": False}, {"username": ""}]
)
async def test_without_the_password_the_authority_tls_or_a_login_nobody_gets_in(kafka_as, changes):
    """An unknown certificate gets no password."""
    producer = build_producer(kafka_as("intake", **changes), "tests")
    with pytest.raises((AuthenticationFailedError, KafkaConnectionError)):
        await asyncio.wait_for(producer.start(), stretched(20))
    await producer.stop()


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

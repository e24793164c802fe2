"""The Kafka topics of infra/kafka/topics.yaml, created where they are missing."""

from pathlib import Path
from typing import Any

import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError, TopicAlreadyExistsError, for_code

from infra.devstack.child import StartError

LIST = Path(__file__).parents[1] / "kafka" / "topics.yaml"


async def create_topics(bootstrap: str) -> list[str]:
    """The names of those it created; raises StartError."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        present, brokers = await admin.list_topics(), len((await admin.describe_cluster())["brokers"])
        missing = [topic for topic in _wanted(brokers) if topic.name not in present]
        await _create(admin, missing)
    except KafkaConnectionError as error:
        raise StartError(f"Kafka does not answer at {bootstrap}") from error
    finally:
        await admin.close()
    return [topic.name for topic in missing]


async def delete_topics(bootstrap: str, names: list[str]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        await admin.delete_topics(names)
    finally:
        await admin.close()


def _wanted(brokers: int) -> list[NewTopic]:
    """Copies as far as there are brokers for them."""
    listed: dict[str, Any] = yaml.safe_load(LIST.read_text())
    copies = min(listed["replication_factor"], brokers)
    config = {name: str(value) for name, value in listed["config"].items()}
    config["min.insync.replicas"] = str(min(int(config["min.insync.replicas"]), copies))
    return [NewTopic(name, listed["partitions"], copies, topic_configs=config) for name in listed["topics"]]


async def _create(admin: AIOKafkaAdminClient, topics: list[NewTopic]) -> None:
    answer = await admin.create_topics(topics, timeout_ms=20_000) if topics else None
    for name, code, message in answer.topic_errors if answer else ():
        if for_code(code) is not TopicAlreadyExistsError and code:
            raise StartError(f"Kafka refuses topic {name}: {message}")

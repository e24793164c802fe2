"""Makes the listed topics where they are missing, and never lets their number of partitions pass for another."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code
from pydantic import BaseModel

from cpt.messaging.access import access
from cpt.messaging.kafka_settings import KafkaSettings


class TopicsDiffer(Exception):
    """A topic exists with another number of partitions: the order per key would break; or Kafka refused one."""


class TopicList(BaseModel):
    """The topics of `infra/kafka/topics.yaml`; replicated at most to as many brokers as there are."""

    partitions: int
    replication_factor: int
    config: Mapping[str, str | int]
    topics: Sequence[str]

    def made_for(self, brokers: int, missing: Iterable[str]) -> list[NewTopic]:
        copies = min(self.replication_factor, brokers)
        config = {name: str(value) for name, value in self.config.items()}
        config["min.insync.replicas"] = str(min(int(config.get("min.insync.replicas", 1)), copies))
        return [NewTopic(name, self.partitions, copies, topic_configs=config) for name in missing]


async def ensure_topics(settings: KafkaSettings, wanted: TopicList) -> list[str]:
    """The names of those it made. Raises `TopicsDiffer`."""
    admin = AIOKafkaAdminClient(**access(settings), client_id="cpt-topics")
    try:
        await admin.start()
        present = await admin.list_topics()
        _same_partitions(await admin.describe_topics([t for t in wanted.topics if t in present]), wanted.partitions)
        missing = [topic for topic in wanted.topics if topic not in present]
        if missing:
            brokers = len((await admin.describe_cluster())["brokers"])
            answer = await admin.create_topics(wanted.made_for(brokers, missing), timeout_ms=20_000)
            _none_refused(answer.topic_errors)
        return missing
    finally:
        await admin.close()


def _same_partitions(found: Sequence[Mapping[str, Any]], wanted: int) -> None:
    for topic in found:
        if len(topic["partitions"]) != wanted:
            raise TopicsDiffer(f"{topic['topic']} has {len(topic['partitions'])} partitions, not {wanted}")


def _none_refused(answers: Sequence[Sequence[Any]]) -> None:
    for name, code, message in answers:
        if code and for_code(code) is not TopicAlreadyExistsError:  # another job was quicker: it is there
            raise TopicsDiffer(f"Kafka refuses {name}: {message}")

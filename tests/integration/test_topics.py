"""The topic job of an installation, on a real broker."""

import json
import os
import subprocess
import sys
import uuid

import pytest

from cpt.messaging.kafka_settings import KafkaSettings
from cpt.messaging.topics import TopicList, TopicsDiffer, ensure_topics

CONFIG = {"min.insync.replicas": 2, "retention.ms": 1209600000}


def listed(partitions, *topics):
    return TopicList(partitions=partitions, replication_factor=3, config=CONFIG, topics=topics)


@pytest.fixture
def topic():
    return f"made.{uuid.uuid4().hex}"


def test_the_topic_job_makes_what_is_missing_and_needs_no_database(kafka, topic, tmp_path):
    """docs/architecture.md: topics are provisioned by a job, never by a client that misspells one."""
    (tmp_path / "topics.json").write_text(json.dumps(listed(6, topic).model_dump()))
    known = {name: value for name, value in os.environ.items() if not name.startswith("CPT_")}

    done = subprocess.run(
        [sys.executable, "-m", "notifier", "topics", str(tmp_path / "topics.json")],
        env=known | {"CPT_KAFKA__BOOTSTRAP_SERVERS": kafka},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == [topic]


async def test_a_topic_is_made_once_and_never_with_another_number_of_partitions(kafka, topic):
    """docs/architecture.md: the key decides the partition; with another number the order of a request would break."""
    settings = KafkaSettings(bootstrap_servers=kafka)

    assert await ensure_topics(settings, listed(3, topic)) == [topic]
    assert await ensure_topics(settings, listed(3, topic)) == []
    with pytest.raises(TopicsDiffer, match="has 3 partitions, not 6"):
        await ensure_topics(settings, listed(6, topic))

"""Turns KAFKA_… into properties, formats the storage and becomes the broker."""

import os
import subprocess
from pathlib import Path

JAVA = ["java", "-Xmx512m", "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info", "-cp", "/opt/kafka/*"]

properties = {
    name.removeprefix("KAFKA_").lower().replace("_", "."): value
    for name, value in os.environ.items()
    if name.startswith("KAFKA_")
}
file = Path("/tmp/server.properties")
file.write_text("".join(f"{name}={value}\n" for name, value in (properties | {"log.dirs": "/tmp/data"}).items()))
words = ["kafka.tools.StorageTool", "format", "--ignore-formatted", "-t", "AAAAAAAAAAAAAAAAAAAAAQ", "-c", str(file)]
subprocess.run([*JAVA, *words], check=True)
os.execvp("java", [*JAVA, "kafka.Kafka", str(file)])

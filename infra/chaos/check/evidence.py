"""Everything that can be seen from outside once the system has drained."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cpt.contracts.envelope import Envelope
from cpt.contracts.event import Event
from infra.chaos.client_log import Line

Row = Mapping[str, Any]
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Published:
    """One Kafka record; `envelope` is absent where nobody can read it."""

    topic: str
    partition: int
    offset: int
    key: str | None
    headers: Mapping[str, str]
    envelope: Envelope[Event] | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """`ends`: the next offset of each partition; `documents`: the folder of the stored objects."""

    log: list[Line]
    records: list[Published]
    ends: Mapping[Place, int]
    tables: Mapping[tuple[str, str], list[Row]]
    mails: list[Row]
    documents: Path

    def rows(self, schema: str, table: str) -> list[Row]:
        return self.tables[schema, table]

    def answered(self, *acts: str) -> list[Line]:
        return [line for line in self.log if line["kind"] == "answered" and line["act"] in acts]

    def sent(self, *acts: str) -> list[Line]:
        return [line for line in self.log if line["kind"] == "sent" and line["act"] in acts]

    def events(self, *kinds: type[Event]) -> Iterator[tuple[Published, Envelope[Event]]]:
        """Each event once, in the order of its partition: a copy is the relay's right, told by its id."""
        seen: set[tuple[str, str]] = set()
        for record in self.records:
            found = record.envelope
            if found is None or (kinds and not isinstance(found.event, kinds)) or (found.source, found.id) in seen:
                continue
            seen.add((found.source, found.id))
            yield record, found

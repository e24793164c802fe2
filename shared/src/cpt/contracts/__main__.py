"""`python -m cpt.contracts write|check`: the committed schemas and samples of every event, against the code.

`check` exits with 1 where `write` has to be run, with 2 where the wire contract is broken; `write` refuses then.
A type that was never sent anywhere may be made anew: delete its schema and its samples first.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cpt.contracts.compatibility import changes
from cpt.contracts.envelope import InvalidEnvelope, decode
from cpt.contracts.event import Event
from cpt.contracts.registry import EVENTS
from cpt.contracts.samples import EXTENTS, record_of
from cpt.contracts.schemas import schema_of

FOLDER = Path(__file__).parent


@dataclass(slots=True)
class Findings:
    """`to_write`: path and text of what is not committed yet."""

    broken: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    to_write: dict[Path, str] = field(default_factory=dict)

    def outdated(self, path: Path, document: dict[str, Any], what: str) -> None:
        self.stale.append(what)
        self.to_write[path] = json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def compare(folder: Path, events: dict[str, type[Event]]) -> Findings:
    """What differs between the files and the code."""
    found = Findings()
    for path in sorted((folder / "schemas").glob("*.json")):
        if path.stem not in events:
            found.broken.append(f"{path.stem}: the type is gone; what was sent under it must stay readable")
    for wire_type, event in sorted(events.items()):
        _compare_schema(found, folder / "schemas" / f"{wire_type}.json", event)
        _compare_samples(found, folder / "samples" / wire_type, event)
    return found


def samples_in(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted((folder / "samples").glob("*/*.json")):
        yield path, json.loads(path.read_text("utf-8"))


def _compare_schema(found: Findings, path: Path, event: type[Event]) -> None:
    current = schema_of(event)
    if not path.exists():
        found.outdated(path, current, f"{event.TYPE}: new type")
        return
    differences = changes(json.loads(path.read_text("utf-8")), current)
    found.broken += [f"{event.TYPE}: {change}" for change in differences if not change.compatible]
    if differences:
        grown = "; ".join(str(change) for change in differences if change.compatible)
        found.outdated(path, current, f"{event.TYPE}: {grown}")


def _compare_samples(found: Findings, folder: Path, event: type[Event]) -> None:
    """A sample once committed stays, since messages like it may lie in a topic; a changed one gets the next number."""
    for extent in EXTENTS:
        committed = {int(path.stem.rpartition("-")[2]): path for path in folder.glob(f"{extent}-*.json")}
        records = {number: json.loads(path.read_text("utf-8")) for number, path in committed.items()}
        for number, record in sorted(records.items()):
            try:
                decode(record["headers"], json.dumps(record["body"]).encode())
            except InvalidEnvelope as error:
                found.broken.append(f"{event.TYPE}: sample {extent}-{number} can no longer be read: {error}")
        current, last = record_of(event, extent), max(records, default=0)
        if records.get(last) != current:
            found.outdated(folder / f"{extent}-{last + 1}.json", current, f"{event.TYPE}: {extent} sample changed")


def main(arguments: list[str], folder: Path = FOLDER, events: dict[str, type[Event]] = EVENTS) -> int:
    parser = argparse.ArgumentParser(prog="python -m cpt.contracts", description=__doc__)
    parser.add_argument("command", choices=["write", "check"])
    command = parser.parse_args(arguments).command
    found = compare(folder, events)
    if found.broken:
        _say("The wire contract is broken. Give the new meaning a new version (.v2) beside the old one:", found.broken)
        return 2
    if command == "write":
        for path, text in found.to_write.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        _say(f"{len(found.to_write)} files written.", found.stale)
        return 0
    if found.stale:
        _say("Only additions. Run `python -m cpt.contracts write` and commit what it writes:", found.stale)
        return 1
    _say(f"{len(events)} event types are as committed.", [])
    return 0


def _say(title: str, lines: list[str]) -> None:
    print("\n  ".join([title, *lines]))  # noqa: T201 the answer of a command


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

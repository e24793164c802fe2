"""The proof of order: replay the log and show that nobody was passed by (P14)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cpt.postgres import Connection
from review.store import OWN_CASE, line_history

Entry = Mapping[str, Any]


async def prove_line(connection: Connection) -> list[str]:
    """Every violation as a sentence; an empty list is the proof."""
    return violations(await line_history(connection))


def violations(history: Iterable[Entry]) -> list[str]:
    """At each assignment no lower number was waiting, held within its time or missing, except by logged reasons.

    A number that was set aside is passed by until a calendar reaches it (A26); then it comes first like any other.
    """
    replay = _Replay()
    return [violation for entry in history for violation in replay.step(entry)]


@dataclass(slots=True)
class _Replay:
    entries: int = 0
    watermark: int = 0
    arrived: set[int] = field(default_factory=set)
    open: dict[int, Entry] = field(default_factory=dict)
    recused: set[tuple[int, str | None]] = field(default_factory=set)

    def step(self, entry: Entry) -> Iterator[str]:
        self.entries += 1
        if entry["entry"] != self.entries:
            yield f"entry {self.entries} of the log is missing"
            self.entries = entry["entry"]
        number = entry["receipt_number"]
        self.open.pop(number, None)
        if entry["to_state"] == "assigned" and entry["from_state"] == "set_aside":
            yield f"number {number} was assigned (entry {self.entries}) although no calendar reached it"
        if entry["to_state"] == "assigned" and entry["from_state"] != "assigned":
            yield from (
                f"number {number} was assigned (entry {self.entries}) although {why}" for why in self._why(entry)
            )
        self._take(number, entry)

    def _take(self, number: int, entry: Entry) -> None:
        if entry["to_state"] in ("waiting", "pending"):
            self.open[number] = entry
        if entry["cause"] in ("give_back", OWN_CASE):
            self.recused.add((number, entry["actor"]))
        self.arrived.add(number)
        while self.watermark + 1 in self.arrived:
            self.watermark += 1

    def _why(self, entry: Entry) -> Iterator[str]:
        number, adviser = entry["receipt_number"], entry["actor"]
        if number > self.watermark:
            yield f"{self.watermark + 1} had not arrived"
        for lower, before in self.open.items():
            if lower > number or (lower, adviser) in self.recused:
                continue
            if before["to_state"] == "waiting":
                yield f"{lower} was waiting"
            elif entry["at"] < before["hold_until"]:
                yield f"{lower} held the line"

"""What a person reads about one extract: numbers, each fault with its row, and what to do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from enrollment_sync.extracts.fields import Fault

Outcome = Literal["applied", "late", "held", "refused"]
_SHOWN = 50
_SAYS: dict[Outcome, str] = {
    "applied": "Imported.",
    "late": "Nothing to do.",
    "held": "Held: nothing of it was taken.",
    "refused": "Refused: nothing of it was taken.",
}


@dataclass(slots=True)
class Report:
    """Counts rows, unless another word stands there. `first`: told for the first time, which is no change."""

    record: str
    mode: str
    name: str
    taken_at: datetime
    outcome: Outcome = "applied"
    rows: int = 0
    first: int = 0
    changed: int = 0
    gone: int = 0
    kept: int = 0
    older: int = 0
    repeated: int = 0
    faulty: int = 0
    events: int = 0
    due: int = 0
    faults: list[Fault] = field(default_factory=list)

    def add(self, faults: Iterable[Fault]) -> None:
        """Of one row."""
        found = list(faults)
        self.faulty += bool(found)
        self.faults += found[: _SHOWN - len(self.faults)]

    def refuse(self, outcome: Outcome, fault: Fault) -> None:
        self.outcome = outcome
        self.faults.insert(0, fault)
        self.first = self.changed = self.gone = self.events = self.due = 0

    def numbers(self) -> dict[str, Any]:
        """For the record: nothing of any student."""
        names = ("rows", "first", "changed", "gone", "kept", "older", "repeated", "faulty", "events", "due")
        return {name: getattr(self, name) for name in names}

    def lines(self) -> Iterator[str]:
        yield f"{self.name}: {self.record}, {self.mode}, taken {self.taken_at:%Y-%m-%d %H:%M} UTC. {_SAYS[self.outcome]}"
        yield f"  {self.rows:,} rows read; {self.repeated:,} of them twice, {self.older:,} older than what is known."
        yield f"  {self.first:,} told for the first time, {self.changed:,} changed, {self.gone:,} gone."
        yield f"  {self.events:,} events sent on; a check is due for {self.due:,} watched students."
        if self.kept:
            yield f"  {self.kept:,} rows are missing here. None was taken as gone, since rows at fault may be these."
        yield from (f"  {_line(fault)}" for fault in self.faults)
        if self.faulty > _SHOWN:
            yield f"  … {self.faulty:,} rows are at fault in all."


def _line(fault: Fault) -> str:
    place = ", ".join(
        part
        for part in (f"row {fault.row}" if fault.row else "", f"column {fault.column}" if fault.column else "")
        if part
    )
    value = f" {fault.value!r}" if fault.value else ""
    return f"{place}{':' if place else ''}{value} {fault.what}. {fault.do}".strip()

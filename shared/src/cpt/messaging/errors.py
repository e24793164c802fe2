"""The two families of failure in a handler; every other exception is tried a few times, then parked."""

from collections.abc import Sequence

from cpt.contracts.attributes import Fault
from cpt.postgres import is_transient


class Retry(Exception):
    """A temporary failure: wait and deliver the message again. Nothing is lost, the partition waits."""


class Reject(Exception):
    """The message can never be handled as it is: park it with its reason, hold back its key, go on with others."""


class InvalidMessage(Reject):
    """The message cannot be read; `faults` are all of its envelope and its data."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


class ParkingFull(Retry):
    """Too much was parked in a short time: more likely a bad deployment than bad messages, so consuming stops."""


class BudgetSpent(Exception):
    """The time of one delivery is over; `finished` is the next offset of each (topic, partition) that is done."""

    def __init__(self, finished: dict[tuple[str, int], int]) -> None:
        super().__init__("the time of this delivery is over")
        self.finished = finished


def is_temporary(error: BaseException | None) -> bool:
    """Whether trying again may succeed: `Retry`, or a failure of PostgreSQL that passes."""
    return isinstance(error, Retry) or (error is not None and is_transient(error))


def explain(error: BaseException) -> str:
    """The reason without personal data: our own words, else class, SQLSTATE and constraint."""
    if isinstance(error, (Reject, Retry)):
        return str(error)
    parts = [type(error).__name__, getattr(error, "sqlstate", None), getattr(error, "constraint_name", None)]
    return " ".join(part for part in parts if part)

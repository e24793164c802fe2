"""What a schedule may decide, drawn by a seed or read from a list: the same list is the same schedule."""

from collections.abc import Sequence
from random import Random


class Choices:
    """`taken` is the schedule. A list that ends goes on with 0, the choice that surprises least."""

    def __init__(self, source: Random | Sequence[int]) -> None:
        self._source, self.taken = source, []

    def one_of(self, number: int, likely: float = 0.0) -> int:
        """Below `number`; 0 with the probability `likely`, apart from its fair share."""
        found = self._next(number, likely)
        self.taken.append(found)
        return found

    def rarely(self, chance: float) -> bool:
        return bool(self.one_of(2, 1 - 2 * chance))

    def _next(self, number: int, likely: float) -> int:
        if isinstance(self._source, Random):
            return 0 if self._source.random() < likely else self._source.randrange(number)
        here = len(self.taken)
        return self._source[here] % number if here < len(self._source) else 0

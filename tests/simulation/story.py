"""A schedule as a story: who did what, with the statements of one go in one line."""

import sys
from collections.abc import Iterator
from itertools import groupby

from tests.simulation.schedule import Told


def tell(told: Told) -> Iterator[str]:
    for name, lines in groupby(told.story, key=lambda line: line[0]):
        yield f"{name:>20}  {', '.join(what for _, what in lines)}"
    yield from (f"BROKEN: {line}" for line in told.broken)
    yield f"choices: {told.choices}"


def say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()

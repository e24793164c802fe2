"""One schedule: a world as some stage left it, its processes for some steps, calm, and what was promised."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from random import Random

from cpt.postgres.queries import parse
from tests.interleavings.promises import broken_promises
from tests.interleavings.stages import STAGES
from tests.interleavings.world import SERVICES
from tests.simulation.choices import Choices
from tests.simulation.ground import Ground
from tests.simulation.office import Office
from tests.simulation.order import broken_order, overtaken
from tests.simulation.scheduler import Scheduler
from tests.simulation.statements import stopping_at_statements

CRASHES = 0.01
NAMES = {
    text: name.replace("_", " ")
    for package in ("cpt.messaging", *SERVICES)
    for file in files(package).iterdir()
    if file.name == "queries.sql"
    for name, text in parse(file.read_text("utf-8")).items()
}
"""Of a statement, by its text: what a story calls it."""


@dataclass(frozen=True)
class Told:
    """What became of a schedule; `choices` repeat it."""

    choices: list[int]
    story: list[tuple[str, str]]
    broken: list[str]


async def play(ground: Ground, source: Random | Sequence[int], steps: int) -> Told:
    choices = Choices(source)
    random.seed(1)  # what waits between two attempts waits as long each time
    classes = await ground.begin(STAGES[choices.one_of(len(STAGES))])
    scheduler = Scheduler(choices, ground.admin, CRASHES, NAMES)
    office = Office(ground.world, classes, ground.requests, ground.sequence, scheduler)
    with stopping_at_statements(scheduler):
        office.open()
        await scheduler.run(steps)
        scheduler.calm = True
        await scheduler.end()
    scheduler.story.append(("", "everybody ends, and begins again without faults"))
    at_the_end = {ground.requests[emplid]: known for emplid, known in classes.items()}
    await ground.world.settle()
    broken = [*scheduler.failed, *await overtaken(ground.world)]
    await office.decide_parked()
    broken += await broken_promises(ground.world, at_the_end)
    broken += await broken_order(ground.world)
    return Told(_without_last_zeros(choices.taken), scheduler.story, broken)


def _without_last_zeros(choices: list[int]) -> list[int]:
    last = max((place for place, choice in enumerate(choices) if choice), default=-1)
    return choices[: last + 1]

"""SPIRE and the mail server in each of their bad moods."""

import asyncio
from functools import partial

from infra.chaos.faults.world import Fault, World

SPIRE = ("down", "slow", "wrong")
SMTP = ("down", "tarpit", "busy", "refuse", "cut")


def campus_faults() -> list[Fault]:
    return [
        *(Fault(f"spire_{mode}", "spire", partial(_mood, "spire", mode)) for mode in SPIRE),
        *(Fault(f"smtp_{mode}", "smtp", partial(_mood, "mail", mode)) for mode in SMTP),
    ]


async def _mood(part: str, mode: str, world: World) -> None:
    await world.campus_fault(**{part: mode})
    try:
        await asyncio.sleep(world.seconds(15))
    finally:
        await world.campus_fault(**{part: "ok"})

"""Messages as a broken campus system would send them; reordered and repeated ones belong to every student's life."""

import base64
from collections.abc import Mapping
from typing import Any

from infra.chaos.faults.world import Fault, World
from infra.chaos.player.campus_events import AGREEMENT, ENROLLMENT, event

NOBODY = "39999999"
Json = Mapping[str, Any]


def message_faults() -> list[Fault]:
    return [
        Fault("malformed_events", "campus topics", _malformed),
        Fault("oversized_event", "campus.enrollment", _oversized),
        Fault("unknown_versions", "campus topics", _unknown),
        Fault("late_events", "campus.enrollment", _late),
    ]


async def _malformed(world: World) -> None:
    """No JSON, no key, no student: parked alone, nobody waits behind them."""
    noise = base64.b64encode(world.chance.randbytes(200)).decode()
    await world.send_events([_event(world, ENROLLMENT, None) | {"data_base64": noise}, _event(world, AGREEMENT, {})])


async def _oversized(world: World) -> None:
    await world.send_events([_event(world, ENROLLMENT, {"padding": "x" * 900_000})])


async def _unknown(world: World) -> None:
    kinds = (ENROLLMENT.replace(".v1", ".v9"), AGREEMENT.replace(".v1", ".v9"))
    await world.send_events([_event(world, kind, {}) for kind in kinds])


async def _late(world: World) -> None:
    """Of a student nobody watches, from last year."""
    old = {"emplid": NOBODY, "strm": "1257", "source_seq": 1}
    await world.send_events([{**_event(world, ENROLLMENT, old), "time": "2025-09-08T14:00:00Z"}])


def _event(world: World, kind: str, data: Any) -> dict[str, Any]:
    source = "/spire/enrollment" if kind.startswith("edu.") else "/handshake/experiences"
    made = event(kind, source, data, world.chance, world.client.now())
    return {name: value for name, value in made.items() if name != "data" or data is not None}

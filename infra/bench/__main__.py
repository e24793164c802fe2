"""`python -m infra.bench [a b …]`: each letter is one benchmark of docs/performance.md; none means all."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from infra.bench import backlog, extracts, latency, line, replicas, requests, scale, throughput
from infra.bench.ground import Ground, ground

ON_GROUND: dict[str, Callable[[Ground], Awaitable[None]]] = {
    "a": throughput.measure,
    "c": latency.measure,
    "d": scale.measure,
    "e": line.measure,
    "g": backlog.measure,
    "h": replicas.measure,
    "i": extracts.measure,
}
"""With servers of their own; `b` and `f` need the whole stack."""


async def main(wanted: list[str]) -> None:
    for letter in wanted or (*ON_GROUND, "b"):
        if letter in ON_GROUND:
            async with ground() as fresh:
                await ON_GROUND[letter](fresh)
        else:
            await requests.measure()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))

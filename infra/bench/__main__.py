"""`python -m infra.bench [a d …]`: each letter is one benchmark of docs/performance.md; none means all."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from infra.bench import scale, throughput
from infra.bench.ground import Ground, ground

BENCHMARKS: dict[str, Callable[[Ground], Awaitable[None]]] = {"a": throughput.measure, "d": scale.measure}


async def main(wanted: list[str]) -> None:
    for letter in wanted or BENCHMARKS:
        async with ground() as fresh:
            await BENCHMARKS[letter](fresh)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))

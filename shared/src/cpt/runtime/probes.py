"""The three addresses of every process: /livez, /readyz, /metrics."""

from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Check = Callable[[], Awaitable[str | None]]
"""None when the part is well, else what is wrong with it."""


def probe_routes(live: Mapping[str, Check], ready: Mapping[str, Check]) -> list[Route]:
    """200 or 503, with the state of each part; live = restart would help, ready = can do its work now."""

    async def livez(_: Request) -> Response:
        return await _answer(live)

    async def readyz(_: Request) -> Response:
        return await _answer(ready)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/livez", livez), Route("/readyz", readyz), Route("/metrics", metrics)]


async def _answer(checks: Mapping[str, Check]) -> Response:
    parts = {name: await _ask(check) for name, check in checks.items()}
    well = all(state == "ok" for state in parts.values())
    return JSONResponse({"ok": well, "parts": parts}, status_code=200 if well else 503)


async def _ask(check: Check) -> str:
    try:
        return await check() or "ok"
    except Exception as error:  # noqa: BLE001 a part that cannot be asked is not well
        return type(error).__name__

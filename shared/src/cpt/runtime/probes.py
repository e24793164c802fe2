"""The three addresses of every process: /livez, /readyz, /metrics."""

from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Check = Callable[[], Awaitable[str | None]]
"""None when the part is well, else what is wrong with it."""
FORWARDED = frozenset({"forwarded", "x-forwarded-for"})


def probe_routes(live: Mapping[str, Check], ready: Mapping[str, Check]) -> list[Route]:
    """200 or 503, with the state of each part; live = restart would help, ready = can do its work now.

    404 for whoever comes through an ingress, which names its caller; kubelet and Prometheus come straight.
    """

    async def livez() -> Response:
        return await _answer(live)

    async def readyz() -> Response:
        return await _answer(ready)

    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    probes = {"/livez": livez, "/readyz": readyz, "/metrics": metrics}
    return [Route(path, _inside(probe)) for path, probe in probes.items()]


def _inside(probe: Callable[[], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        if not FORWARDED.isdisjoint(request.headers.keys()):
            raise HTTPException(404)
        return await probe()

    return answer


async def _answer(checks: Mapping[str, Check]) -> Response:
    parts = {name: await _ask(check) for name, check in checks.items()}
    well = all(state == "ok" for state in parts.values())
    return JSONResponse({"ok": well, "parts": parts}, status_code=200 if well else 503)


async def _ask(check: Check) -> str:
    try:
        return await check() or "ok"
    except Exception as error:  # noqa: BLE001 a part that cannot be asked is not well
        return type(error).__name__

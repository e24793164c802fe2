"""Answers to forms that are sent by script: refused, the page stays; accepted, the answer names the page to open."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ASKED, LEADS_TO = "x-cpt-form", "x-cpt-to"


class FormAnswers:
    """Middleware: 204 with the address for what would be a 303, which a script cannot see; a refusal stays as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or ASKED not in Headers(scope=scope):
            await self._app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 303:
                headers = MutableHeaders(scope=message)
                headers[LEADS_TO] = headers["location"]
                del headers["location"]
                message["status"] = 204
            await send(message)

        await self._app(scope, receive, told)

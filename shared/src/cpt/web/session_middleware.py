"""Finds the session of a request, and keeps it alive while a person uses it."""

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cpt.web.sessions import Session, Sessions

LIVE_HEADER = "x-cpt-live"
"""Sent when a page refreshes itself, which is no sign that anyone sits in front of it."""

_FOR_ANYONE = "/static/"


class SessionMiddleware:
    """Puts the session, or None, into `request.state.session`; a request with a bearer never leans on a cookie."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        session = await self._session(connection)
        connection.state.session = session
        by_person = session is not None and LIVE_HEADER not in connection.headers
        newer = self._sessions.refreshed(session) if session and by_person else None

        async def renewing(message: Message) -> None:
            if message["type"] == "http.response.start" and newer and connection.state.session is session:
                self._sessions.write(MutableHeaders(scope=message), newer)
            await send(message)

        await self._app(scope, receive, renewing)

    async def _session(self, connection: HTTPConnection) -> Session | None:
        if "authorization" in connection.headers or connection.url.path.startswith(_FOR_ANYONE):
            return None
        return await self._sessions.read(connection.cookies)

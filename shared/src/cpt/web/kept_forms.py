"""Keeps what a person typed and could not send, encrypted, until the same person opens the page again."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request

from cpt.postgres import Database, Queries
from cpt.web import csrf
from cpt.web.forms import is_form, read_form
from cpt.web.sealing import Vault

sql = Queries("cpt.web")

KEPT = "kept"
"""The parameter of an address whose page has something kept."""
_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Kept:
    """`page` shows the form again, `action` took it; `texts` by field, without files and the token."""

    page: str
    action: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class KeptForms:
    """One form for each session, by its number, of which only a hash is kept."""

    database: Database
    vault: Vault

    async def keep(self, number: str, kept: Kept, now: datetime) -> None:
        sealed = self.vault.seal({"page": kept.page, "action": kept.action, "texts": dict(kept.texts)})
        async with self.database.transaction() as connection:
            await connection.execute(sql.forget_kept_forms, now - _FOR)
            await connection.execute(sql.keep_form, _hash(number), sealed, now)

    async def find(self, number: str, page: str) -> Kept | None:
        """None where nothing is kept for this page."""
        async with self.database.connection() as connection:
            sealed = await connection.fetchval(sql.find_kept_form, _hash(number))
        kept = self._opened(sealed)
        return kept if kept and kept.page == page else None

    async def move(self, before: str, number: str) -> Kept | None:
        """What the session `before` kept is the session `number`'s from now on."""
        async with self.database.transaction() as connection:
            return self._opened(await connection.fetchval(sql.move_kept_form, _hash(before), _hash(number)))

    def _opened(self, sealed: str | None) -> Kept | None:
        value = self.vault.open(sealed) if sealed else None
        return Kept(**value) if value else None


async def keep_unsent(request: Request) -> None:
    """A dependency of the whole app: a form of ours whose session has ended is kept before the answer is 401.

    Only a browser that holds the ended session's cookie and a token of its pages leaves anything, and only one form.
    """
    if request.method != "POST" or request.state.session or "authorization" in request.headers or not is_form(request):
        return
    desk = request.app.state.sign_in
    ended = desk.sessions.last(request.cookies)
    if ended is None or not await csrf.is_proven(request, ended):
        return
    texts = await texts_of(request)
    if any(texts.values()):
        await desk.kept.keep(ended.number, Kept(page_of(request), request.url.path, texts), desk.sessions.clock())
        request.state.unsent = True


async def find_kept(request: Request) -> None:
    """A dependency of the whole app, for pages that were returned to: `request.state.kept` is what was typed on them."""
    if request.method == "GET" and KEPT in request.query_params and request.state.session:
        desk = request.app.state.sign_in
        request.state.kept = await desk.kept.find(request.state.session.number, request.url.path)


def take_kept(request: Request, action: str) -> Mapping[str, str]:
    """What was typed into the form that leads to `action`, for a page that fills it in by itself; empty where nothing was."""
    kept: Kept | None = getattr(request.state, "kept", None)
    if kept is None or kept.action != action:
        return {}
    request.state.kept = None
    return kept.texts


async def keep_refused(request: Request, page: str) -> str | None:
    """Keeps what was refused; where to look at it, so that going back asks nothing. None for a call with a bearer."""
    session = request.state.session
    if session is None:
        return None
    desk: Any = request.app.state.sign_in
    await desk.kept.keep(session.number, Kept(page, request.url.path, await texts_of(request)), desk.sessions.clock())
    return f"{page}?{KEPT}=refused"


async def texts_of(request: Request) -> dict[str, str]:
    sent = await read_form(request)
    return {name: value for name, value in sent.items() if isinstance(value, str) and name != csrf.FIELD}


def page_of(request: Request) -> str:
    """The page whose form was sent; of this host, since the token was proven."""
    return urlsplit(request.headers.get("referer", "")).path or "/"


def _hash(number: str) -> bytes:
    return hashlib.sha256(number.encode()).digest()

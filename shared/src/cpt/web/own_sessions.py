"""Where somebody is signed in: every browser of theirs at this service, and leaving all of them at once."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from cpt.web.desk import SignIn
from cpt.web.pages import Pages
from cpt.web.people import require
from cpt.web.person import Person
from cpt.web.signin import leave

router = APIRouter(include_in_schema=False)
Anyone = Annotated[Person, Depends(require())]


@router.get("/sessions")
async def show_sessions(request: Request, person: Anyone) -> Response:
    sessions, pages = _desk(request).sessions, _pages(request)
    own = await sessions.standing.rows.of_person(person.sub, sessions.clock())
    begun = [(ends_at - sessions.absolute).replace(microsecond=0) for ends_at in own]
    return pages.render(request, "sessions.html", begun=begun, here=request.state.session)


@router.post("/sessions/end")
async def end_sessions(request: Request, person: Anyone) -> Response:
    """Of this browser too: whoever stays signs in anew, which a thief of the cookie cannot."""
    await _desk(request).sessions.standing.rows.end_all_of(person.sub)
    return await leave(request)


def _desk(request: Request) -> SignIn:
    desk: SignIn = request.app.state.sign_in
    return desk


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages

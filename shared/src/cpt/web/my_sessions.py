"""A person's active sessions at this service, and signing out of all of them at once."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from cpt.web.pages import Pages
from cpt.web.people import require
from cpt.web.person import Person
from cpt.web.signin import leave
from cpt.web.wiring import SignIn

router = APIRouter(include_in_schema=False)
Anyone = Annotated[Person, Depends(require())]


@router.get("/sessions")
async def show_sessions(request: Request, person: Anyone) -> Response:
    desk: SignIn = request.app.state.sign_in
    pages: Pages = request.app.state.pages
    session, sessions = request.state.session, desk.sessions
    own = await sessions.standing.rows.of_person(person.sub, sessions.clock(), session.number if session else "")
    begun = [(ends_at - sessions.absolute, here) for ends_at, here in own]
    return pages.render(request, "sessions.html", begun=begun)


@router.post("/sessions/end")
async def end_sessions(request: Request, person: Anyone) -> Response:
    """Also that of this browser: its owner signs in again, which a thief of the cookie cannot."""
    desk: SignIn = request.app.state.sign_in
    await desk.sessions.standing.rows.end_all_of(person.sub)
    return await leave(request)

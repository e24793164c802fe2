"""What all of intake's pages share."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import RedirectResponse, Response

from cpt.contracts.characters import visible
from cpt.web.pages import Pages
from cpt.web.people import require
from cpt.web.person import Person
from intake.student.own_request import READERS

Student = Annotated[Person, Depends(require("student"))]
Reader = Annotated[Person, Depends(require("student", *READERS))]
Visitor = Annotated[Person, Depends(require("student", "operations", *READERS))]


def pages_of(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


def to(path: str) -> Response:
    return RedirectResponse(path, 303)


async def texts_of(request: Request) -> dict[str, str]:
    """What was typed, without the files."""
    sent = await request.form()
    return {name: visible(value) for name, value in sent.items() if isinstance(value, str)}

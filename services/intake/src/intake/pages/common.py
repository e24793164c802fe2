"""What all of intake's pages share."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import RedirectResponse, Response

from cpt.campus.office_texts import filled, paragraphs_of
from cpt.campus.university import HERE
from cpt.contracts.characters import visible
from cpt.postgres import Connection
from cpt.runtime.sections import OfficeSettings
from cpt.web.pages import Pages
from cpt.web.people import require
from cpt.web.person import Person
from intake.store import sql
from intake.student.own_request import READERS

Words = Callable[[Connection, str], Awaitable[list[str]]]
"""The paragraphs of a text that the office changes by itself."""


def words_of(office: OfficeSettings) -> Words:
    """`office` is how to reach people, for the placeholders."""
    values = {"office": HERE.get().office, **office.model_dump(include={"phone", "address", "hours"})}

    async def words(connection: Connection, name: str) -> list[str]:
        found = await connection.fetchrow(sql.office_texts, [name])
        return paragraphs_of(filled(name, found["text"] if found else None, values))

    return words


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

"""Who may call what, and the parts that bodies share."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web import forms
from cpt.web.people import named, require
from cpt.web.person import Person
from review.cases.show_case import show_case
from review.cases.view import CaseView

Adviser = Annotated[Person, Depends(require("adviser", "director"))]
Director = Annotated[Person, Depends(require("director"))]
Reader = Annotated[Person, Depends(require("adviser", "director", "compliance"))]
LineReader = Annotated[Person, Depends(require("adviser", "director", "compliance", "operations"))]
Text = Annotated[forms.Text, Field(min_length=1, max_length=4000)]
Line = Annotated[forms.Line, Field(min_length=1)]
ShowCase = Callable[[str, Person], Awaitable[CaseView]]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReasonBody(Body):
    reason: Text


def shown_by(database: Database, clock: Clock) -> ShowCase:
    """Every act on a case answers with the whole case."""

    async def shown(request_id: str, reader: Person) -> CaseView:
        async with database.transaction() as connection:
            return await show_case(connection, request_id, named(reader), clock())

    return shown

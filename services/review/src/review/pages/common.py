"""What all of review's pages share: who may come, how a page is shown, where a form leads."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Form, Request
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from cpt.contracts.values import NamedCourse
from cpt.web import forms
from cpt.web.pages import Pages
from cpt.web.people import require
from cpt.web.person import Person
from cpt.web.problems import Problem
from review.domain import Fault, Unfit

Staff = Annotated[Person, Depends(require("adviser", "director"))]
Director = Annotated[Person, Depends(require("director"))]
LineReader = Annotated[Person, Depends(require("adviser", "director", "compliance", "operations"))]
Text = Annotated[forms.Text, Form(min_length=1, max_length=4000)]
Words = Annotated[forms.Text, Form(max_length=4000)]
Courses = Annotated[list[Annotated[forms.Line, Field(max_length=100)]] | None, Form()]
"""One for each term: `strm|subject|catalog_nbr|class_nbr`."""


def chosen_person(to: Annotated[forms.Line, Form()] = "", other: Annotated[forms.Line, Form()] = "") -> str:
    """Raises `Unfit` for nobody."""
    if not (to or other):
        raise Unfit(Fault("to", "missing", "Choose a person."))
    return other or to


Colleague = Annotated[str, Depends(chosen_person)]
"""The sign-in name of whoever takes over or stands in: chosen by name, or typed by whom the list does not have."""


def chosen(courses: list[str] | None) -> list[NamedCourse] | None:
    """What the choices of a form name; None where it offered none. Raises `Unfit`."""
    if courses is None:
        return None
    parts = [course.split("|") for course in courses if course]
    if any(len(words) != 4 for words in parts):
        raise Unfit(Fault("course", "invalid", "Choose the course in the list."))
    return [NamedCourse(strm=s, subject=u, catalog_nbr=n, class_nbr=c or None) for s, u, n, c in parts]


def pages_of(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


def to(path: str) -> Response:
    return RedirectResponse(path, 303)


def day_of(text: str) -> date | None:
    """An empty field is no date; raises 422 for what is none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Problem(
            422, "invalid", "The date cannot be read", "Choose it in the calendar, or write it like 2026-09-14."
        ) from None

"""The texts that a director changes: the list, one text with its preview and its versions."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from cpt.campus.office_texts import LONGEST, TEXTS, faults_in, filled, mail_of_text, paragraphs_of
from cpt.campus.university import HERE
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.runtime.sections import OfficeSettings
from cpt.web import forms
from cpt.web.people import named
from review.pages.common import Director, pages_of, to
from review.texts.write_text import show_texts, show_versions, write_text

SAMPLE = {"name": "Ana Lima", "reference": "CPT-2026-000123"}
Typed = Annotated[forms.Text, Form(max_length=LONGEST)]


def texts_pages(database: Database, office: OfficeSettings, clock: Clock) -> APIRouter:
    router = APIRouter()
    values = {
        "office": HERE.get().office,
        "phone": office.phone,
        "address": office.address,
        "hours": office.hours,
        **SAMPLE,
    }

    @router.get("/texts")
    async def texts(request: Request, _: Director, said: str = "") -> Response:
        async with database.connection() as connection:
            found = await show_texts(connection)
        return pages_of(request).render(request, "texts.html", texts=found, kinds=TEXTS, said=said)

    @router.get("/texts/{name}")
    async def one(request: Request, name: str, _: Director) -> Response:
        return await page(request, name, None)

    @router.post("/texts/{name}")
    async def write(
        request: Request,
        name: str,
        director: Director,
        seen: Annotated[int, Form(ge=0, le=2**31 - 2)],
        act: Annotated[Literal["preview", "save"], Form()] = "preview",
        text: Typed = "",
    ) -> Response:
        if act == "preview" or (name in TEXTS and list(faults_in(name, text))):
            return await page(request, name, text)
        async with database.transaction() as connection:
            await write_text(connection, name, text, named(director), clock(), seen=seen)
        return to("/texts?said=saved")

    async def page(request: Request, name: str, typed: str | None) -> Response:
        async with database.connection() as connection:
            versions = await show_versions(connection, name)
        text = typed if typed is not None else (versions[0].text if versions else "")
        faults = list(faults_in(name, text))
        preview = [] if faults else paragraphs_of(filled(name, text, values))
        shown: dict[str, Any] = {"name": name, "kind": TEXTS[name], "versions": versions, "preview": preview}
        shown["mail_kind"] = mail_of_text(name)
        errors = {"text": " ".join(faults)} if faults else {}
        form = forms.Form({"text": text}, errors)
        status = 422 if faults and typed is not None else 200
        return pages_of(request).render(request, "text.html", status, form=form, typed=typed is not None, **shown)

    return router

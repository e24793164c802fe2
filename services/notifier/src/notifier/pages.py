"""Operations' page: what has left, what waits, what failed, and the mails that came back; for a director, each kind of mail."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi import Form as FormField
from starlette.responses import HTMLResponse, RedirectResponse, Response

from cpt.campus.office_texts import LONGEST, TEXTS, faults_in, text_of_mail, title_of_mail
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.forms import Form, Text
from cpt.web.pages import Pages
from cpt.web.people import require
from cpt.web.person import Person
from cpt.web.problems import FieldError, not_found
from notifier.compose_mail import notice_of
from notifier.preview_mail import EXAMPLES, preview_mail
from notifier.record_bounce import NothingCameBackError, record_bounce
from notifier.reserve_notice import NoticeContext
from notifier.show_notices import NoSuchNotice, show_status

Operator = Annotated[Person, Depends(require("operations"))]
Director = Annotated[Person, Depends(require("director"))]
Reader = Annotated[Person, Depends(require("operations", "director"))]
Words = Annotated[Text, FormField(max_length=500)]
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""A mail brings its own style along, and nothing else."""
UNKNOWN = "No notice has this Message-ID. Copy it from the mail that is quoted inside the one that came back."


def pages_router(database: Database, context: NoticeContext, clock: Clock) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    router.include_router(_mail_pages(database, context))

    @router.get("/")
    async def status(request: Request, reader: Reader, said: str = "") -> Response:
        if not reader.has("operations"):
            return RedirectResponse("/mails", 303)
        return await page(request, reader.sub, Form(), said=said)

    @router.post("/bounced")
    async def bounced(request: Request, operator: Operator, message_id: Words = "", reason: Words = "") -> Response:
        typed = {"message_id": message_id, "reason": reason}
        wrong = [FieldError(name, "missing", "Fill this in.") for name, text in typed.items() if not text.strip()]
        if not wrong:
            try:
                async with database.transaction() as connection:
                    await record_bounce(connection, notice_of(message_id), operator.sub, reason, clock())
            except NoSuchNotice:
                wrong = [FieldError("message_id", "unknown", UNKNOWN)]
            except NothingCameBackError as error:
                wrong = [FieldError("message_id", "wrong_state", str(error))]
        if wrong:
            return await page(request, operator.sub, Form.refused(typed, wrong), 422)
        return RedirectResponse("/?said=bounced", 303)

    async def page(request: Request, reader: str, form: Form, status: int = 200, said: str = "") -> Response:
        async with database.connection() as connection:
            found: dict[str, Any] = await show_status(connection, reader)
        return _pages(request).render(request, "status.html", status, form=form, said=said, **found)

    return router


def _mail_pages(database: Database, context: NoticeContext) -> APIRouter:
    router = APIRouter()

    @router.get("/mails")
    async def mails(request: Request, _: Director) -> Response:
        return _pages(request).render(request, "mails.html", titles={kind: title_of_mail(kind) for kind in EXAMPLES})

    @router.get("/mails/{kind}")
    async def mail(request: Request, kind: str, _: Director) -> Response:
        return await shown(request, kind, None)

    @router.post("/mails/{kind}")
    async def tried(
        request: Request,
        kind: str,
        _: Director,
        text: Annotated[Text, FormField(max_length=LONGEST)] = "",
        look: Annotated[Literal["here", "html"], FormField()] = "here",
    ) -> Response:
        return await shown(request, kind, text, as_html=look == "html")

    async def shown(request: Request, kind: str, text: str | None, *, as_html: bool = False) -> Response:
        """`text` is what is tried; None shows the mail as it would leave now."""
        if kind not in EXAMPLES:
            raise not_found()
        known = next(one for one in EXAMPLES if one == kind)
        faults = list(faults_in(text_of_mail(known), text or ""))
        async with database.connection() as connection:
            rendered = await preview_mail(connection, known, context, None if faults else text)
        if as_html and not faults:
            return HTMLResponse(rendered.html, headers={"Content-Security-Policy": MAIL_POLICY})
        form = Form({"text": text or ""}, {"text": " ".join(faults)} if faults else {})
        about: dict[str, Any] = {
            "kind": known,
            "title": title_of_mail(known),
            "words": rendered,
            "tried": text is not None,
        }
        about |= {"placeholders": TEXTS[text_of_mail(known)].placeholders}
        return _pages(request).render(request, "mail.html", 422 if faults else 200, form=form, **about)

    return router


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages

"""Operations' page: what has left, what waits, what failed, and the mails that came back."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi import Form as FormField
from starlette.responses import RedirectResponse, Response

from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.forms import Form, Text
from cpt.web.pages import Pages
from cpt.web.people import require
from cpt.web.person import Person
from cpt.web.problems import FieldError
from notifier.compose_mail import notice_of
from notifier.record_bounce import NothingCameBackError, record_bounce
from notifier.show_notices import NoSuchNotice, show_status

Operator = Annotated[Person, Depends(require("operations"))]
Words = Annotated[Text, FormField(max_length=500)]
UNKNOWN = "No notice has this Message-ID. Copy it from the mail that is quoted inside the one that came back."


def pages_router(database: Database, clock: Clock) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def status(request: Request, operator: Operator, said: str = "") -> Response:
        return await page(request, operator.sub, Form(), said=said)

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
        pages: Pages = request.app.state.pages
        return pages.render(request, "status.html", status, form=form, said=said, **found)

    return router

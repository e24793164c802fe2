"""Puts the web process of notifier together."""

from pathlib import Path

from fastapi import FastAPI

from cpt.postgres import Database
from cpt.runtime.clock import Clock, shifted
from cpt.runtime.web import web_app
from cpt.web import operations
from cpt.web.options import Branding
from cpt.web.pages import Link
from cpt.web.problems import Problem, not_found
from notifier.consumer import build_consumer
from notifier.http import notices_router
from notifier.notice_context import build_notice_context
from notifier.pages import pages_router
from notifier.record_bounce import NothingCameBackError
from notifier.settings import NotifierSettings
from notifier.show_notices import NoSuchNotice, OwnCaseError

LOOK = Branding(
    title="CPT notices",
    templates=Path(__file__).parent / "templates" / "pages",
    navigation=(
        Link("Notices", "/", frozenset({"operations"})),
        Link("Each kind of mail", "/mails", frozenset({"director"})),
        operations.LINK,
    ),
)


def build_web(settings: NotifierSettings, *, clock: Clock | None = None) -> FastAPI:
    clock = clock or shifted(settings.clock_offset)
    database = Database(settings.postgres, "notifier", "notifier-web")
    context = build_notice_context(settings)
    return web_app(
        "notifier",
        settings,
        clock=clock,
        database=database,
        consumer=build_consumer(context, clock),
        look=LOOK,
        routers=[notices_router(database, clock), pages_router(database, context, clock)],
        refusals={
            NoSuchNotice: lambda _: not_found(),
            OwnCaseError: lambda error: Problem(403, "own_case", "This is about your own request", str(error)),
            NothingCameBackError: lambda error: Problem(
                409, "wrong_state", "This notice did not come back", str(error)
            ),
        },
    )

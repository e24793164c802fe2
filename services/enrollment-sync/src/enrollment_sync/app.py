"""Puts the web process of enrollment-sync together."""

from pathlib import Path

from fastapi import FastAPI

from cpt.contracts.campus import EnrollmentChanged
from cpt.postgres import Database
from cpt.runtime.clock import Clock, shifted
from cpt.runtime.web import web_app
from cpt.web import operations
from cpt.web.campus import campus_router
from cpt.web.options import Branding
from cpt.web.pages import Link
from enrollment_sync.consumer import build_consumer
from enrollment_sync.extracts.http import MESSAGE_BODIES, message_router, spire_router
from enrollment_sync.extracts.mapping import load_mapping
from enrollment_sync.extracts.show_spire import ShowSpire
from enrollment_sync.http import api_router
from enrollment_sync.pages import pages_router
from enrollment_sync.settings import EnrollmentSettings

LOOK = Branding(
    title="CPT enrollment watch",
    templates=Path(__file__).parent / "templates",
    navigation=(Link("Status", "/", frozenset({"operations", "compliance", "director"})), operations.LINK),
)


def build_web(settings: EnrollmentSettings, *, clock: Clock | None = None) -> FastAPI:
    clock = clock or shifted(settings.clock_offset)
    database = Database(settings.postgres, "enrollment_sync", "enrollment-sync-web")
    consumer = build_consumer(clock, settings.guard)
    extracts = settings.extracts
    spire = ShowSpire(database, clock, extracts.patience)
    reads = [spire_router(spire, settings.spire.token.get_secret_value())] if extracts.answer_reads else []
    return web_app(
        "enrollment-sync",
        settings,
        clock=clock,
        database=database,
        consumer=consumer,
        look=LOOK,
        routers=[
            campus_router(database, consumer, EnrollmentChanged.TOPIC, "registrar"),
            message_router(database, load_mapping(extracts.mapping), clock),
            *reads,
            api_router(database, clock),
            pages_router(database, clock),
        ],
        refusals={},
        larger_bodies=MESSAGE_BODIES,
    )

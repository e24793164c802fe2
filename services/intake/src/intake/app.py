"""Puts the web process of intake together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from fastapi import APIRouter, FastAPI

from cpt.contracts.campus import AgreementChanged
from cpt.postgres import Database
from cpt.runtime.clock import Clock, shifted
from cpt.runtime.web import web_app
from cpt.web import operations
from cpt.web.campus import campus_router
from cpt.web.options import Branding
from cpt.web.pages import Link
from intake.consumer import build_consumer
from intake.documents.accept_upload import Uploads
from intake.documents.document_store import DocumentStore
from intake.documents.read_document import DocumentReaders
from intake.documents.sandbox import hide_process
from intake.documents.scanner import ClamAV, NoScanner
from intake.http import requests_router
from intake.pages import pages_router
from intake.pages.consultation import consultation_pages
from intake.refusals import REFUSALS
from intake.settings import DocumentSettings, IntakeSettings
from intake.spire import SpireDirectory
from intake.student.http import after_approval_router
from intake.student.quotas import Quotas

LOOK = Branding(
    title="CPT requests",
    templates=Path(__file__).parent / "templates",
    navigation=(
        Link("Requests", "/", frozenset({"student", "adviser", "director"})),
        Link("New request", "/requests/new", frozenset({"student"})),
        operations.LINK,
    ),
)
_ENVELOPE_BYTES = 64 * 1024  # what a form adds around a file


def build_web(settings: IntakeSettings, *, clock: Clock | None = None) -> FastAPI:
    now = clock or shifted(settings.clock_offset)
    database = Database(settings.postgres, "intake", "intake-web")
    consumer = build_consumer(now)
    readers = DocumentReaders()
    uploads = build_uploads(settings.documents, readers)
    directory = SpireDirectory(settings.spire.url, settings.spire.token.get_secret_value())
    quotas = Quotas(**settings.quotas.model_dump())
    largest = settings.documents.max_bytes + _ENVELOPE_BYTES
    return web_app(
        "intake",
        settings,
        clock=now,
        database=database,
        consumer=consumer,
        look=replace(
            LOOK,
            context={
                "office": settings.office,
                "advice": settings.advice,
                "policy": settings.policy,
                "consultation": settings.consultation,
            },
        ),
        routers=[
            requests_router(database, uploads, directory, now, quotas),
            after_approval_router(database, now),
            pages_router(database, uploads, directory, now, quotas, settings.office),
            consultation_pages(database, settings.consultation.key.get_secret_value(), now),
            campus_router(database, consumer, AgreementChanged.TOPIC, "handshake"),
            _readers_router(readers),
        ],
        refusals=REFUSALS,
        larger_bodies={
            r"/api/requests/[^/]+/documents/[^/]+": largest,
            r"/requests/[^/]+/documents": largest,
            r"/draft/documents": largest,
        },
    )


def build_uploads(settings: DocumentSettings, readers: DocumentReaders) -> Uploads:
    scanner = ClamAV(settings.clamav_host, settings.clamav_port) if settings.clamav_host else NoScanner()
    return Uploads(DocumentStore.at(settings.url), readers, scanner, settings.max_bytes)


def _readers_router(readers: DocumentReaders) -> APIRouter:
    """No routes: it ties the reading processes to the life of the web process."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        hide_process()  # from what reads the files of strangers beside it
        async with readers:
            yield

    return APIRouter(lifespan=lifespan)

"""Puts the worker process of intake together: its events, and what it does by itself."""

from datetime import timedelta

from cpt.contracts.audit import IntakeAuditSealed
from cpt.contracts.operations import IntakeMessagesWaiting
from cpt.postgres import Database
from cpt.runtime.clock import Clock, shifted
from cpt.runtime.loops import Loop
from cpt.runtime.worker import Worker
from intake.campus.record_blind_spot import see_again
from intake.case.remind_students import Ahead, remind_students
from intake.case.retain_requests import Retention
from intake.consultations import ask_consultations, asking_of
from intake.consumer import build_consumer
from intake.documents.document_store import DocumentStore
from intake.handshake.handshake_api import HandshakeApi
from intake.handshake.mapping import load_words
from intake.handshake.poll_handshake import PollHandshake
from intake.settings import IntakeSettings


def build_worker(settings: IntakeSettings, *, clock: Clock | None = None) -> Worker:
    now = clock or shifted(settings.clock_offset)
    database = Database(settings.postgres, "intake", "intake-worker")
    retention = Retention(database, DocumentStore.at(settings.documents.url), settings.retention.years)
    asked = settings.handshake
    words = load_words(asked.mapping)
    api = HandshakeApi(asked.url, asked.key.get_secret_value(), words) if asked.url else None
    polls = [PollHandshake(database, api, words, now, timedelta(seconds=asked.poll_seconds))] if api else []
    asking = asking_of(settings.consultation)
    ahead = Ahead(settings.reminders.start_days, settings.reminders.term_days)
    return Worker(
        service="intake",
        settings=settings,
        database=database,
        consumer=build_consumer(now),
        seals=IntakeAuditSealed,
        tells=IntakeMessagesWaiting,
        loops=[
            Loop("ask_consultations", lambda: ask_consultations(database, asking, now()), idle=2),
            Loop("remind_students", lambda: remind_students(database, now(), ahead), idle=600.0),
            Loop("see_again", lambda: see_again(database, now()), idle=2),
            Loop("retain_requests", lambda: retention.step(now()), idle=3600.0, patience=600.0),
            *(Loop("poll_handshake", poll.step, idle=2.0) for poll in polls),
        ],
        closing=api.close if api else None,
    )

"""Everything the campus holds, made once and handed to every route."""

import secrets
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request

from infra.campus.clock import Clock
from infra.campus.emitter import Emitter
from infra.campus.faults import SpireMode
from infra.campus.handshake import Agreement, Handshake
from infra.campus.mail import MailCatcher
from infra.campus.people import Account, Person, sample_data, staff_member
from infra.campus.records import CloudEvent
from infra.campus.registrar import follow_event
from infra.campus.settings import Settings
from infra.campus.sign_in import Grants, RefusedError
from infra.campus.spire import Spire
from infra.campus.tokens import Signer, load_or_create_key

REMEMBERED_EVENTS = 200


@dataclass(slots=True)
class Campus:
    settings: Settings
    clock: Clock
    signer: Signer
    emitter: Emitter
    mail: MailCatcher
    spire: Spire = field(default_factory=Spire)
    handshake: Handshake = field(default_factory=Handshake)
    accounts: dict[str, Account] = field(default_factory=dict)
    grants: Grants = field(default_factory=Grants)
    spire_mode: SpireMode = "ok"
    sent: deque[tuple[datetime, CloudEvent]] = field(default_factory=lambda: deque(maxlen=REMEMBERED_EVENTS))

    def named(self, sub: str, roles: list[str]) -> Person:
        """A person by name, as far as the campus knows one: people exist by being named (docs/connect.md).

        Without the roles that were taken from them.
        """
        kept = [role for role in roles if role not in self.accounts.get(sub, Account()).revoked]
        student = self.spire.students.get(sub)
        known = student.profile if student and student.profile else staff_member(sub)
        return Person(sub=sub, roles=kept, name=known.name if known else None, email=known.email if known else None)

    def signed_in(self, sub: str, roles: list[str]) -> Person:
        """Raises RefusedError for an account that is locked."""
        account = self.accounts.setdefault(sub, Account())
        if account.locked:
            raise RefusedError("invalid_grant", "This account is locked.")
        account.roles = set(roles)
        return self.named(sub, roles)

    def knows_token(self, presented: str) -> bool:
        return secrets.compare_digest(presented.encode(), self.settings.spire_token.get_secret_value().encode())

    async def report(self, events: list[CloudEvent]) -> list[dict[str, Any]]:
        """Change the campus and report it over Kafka. Raises NoTopicError, NotConnectedError."""
        receipts = await self.emitter.send(events, self.follow)
        self.remember(events)
        return receipts

    def follow(self, event: CloudEvent) -> None:
        follow_event(self.spire, event)
        self.handshake.follow_event(event)

    def remember(self, events: list[CloudEvent]) -> None:
        """For the console: what was sent, newest last."""
        now = self.clock.now()
        self.sent.extend((now, event) for event in events)


def build_campus(settings: Settings) -> Campus:
    clock = Clock(settings.clock_offset)
    signer = Signer(load_or_create_key(settings.state_dir), settings.issuer, clock)
    campus = Campus(settings, clock, signer, Emitter(settings.kafka), MailCatcher(clock))
    for student in reversed(sample_data().students):  # the console shows the newest first
        campus.spire.put_profile(student.profile)
        campus.spire.replace_rows(student.profile.emplid, student.enrollments)
        for agreement in student.agreements:
            campus.handshake.keep(Agreement.model_validate({"emplid": student.profile.emplid} | agreement))
    return campus


def _campus(request: Request) -> Campus:
    campus: Campus = request.app.state.campus
    return campus


HeldCampus = Annotated[Campus, Depends(_campus)]

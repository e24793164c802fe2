"""A request as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from intake.domain.agreements import Loss, NamedAgreement
from intake.domain.application import Application, Course
from intake.domain.lifecycle import Phase, Shown, State
from intake.domain.values import Changed, Check, Facts, I20File, Item, LetterFindings, Place, Return, Student


@dataclass(frozen=True, slots=True)
class Request:
    request_id: str
    reference: str
    emplid: str
    student: Student
    application: Application
    submitted_at: datetime
    phase: Phase = "incomplete"
    shown: Shown = ""
    round: int = 0
    receipt_number: int | None = None
    last_number: int | None = None
    received_at: datetime | None = None
    due_on: date | None = None
    facts_version: int = 0
    facts_told: int = 0
    facts: Facts | None = None
    agreement: NamedAgreement | None = None
    named: NamedAgreement | None = None
    agreement_lost: bool = False
    loss_told: Loss | None = None
    returns: tuple[Return, ...] = ()
    disputes: Mapping[Place, str] = field(default_factory=dict)
    letter: LetterFindings | None = None
    enrollment: Check | None = None
    missing: tuple[Item, ...] = ()
    authorized: dict[str, Any] | None = None
    wish_at: datetime | None = None
    i20_file: I20File | None = None
    confirmed: tuple[Course, ...] = ()
    changes: Changed | None = None
    version: int = 0

    @property
    def courses(self) -> tuple[Course, ...]:
        """What it rests on: as a DSO confirmed it, else as the student named it (A23)."""
        return self.confirmed or self.application.courses

    @property
    def i20_in_force(self) -> I20File | None:
        """Not the file of an authorization that a later one replaced."""
        file, shown = self.i20_file, self.authorized
        return file if file and shown and file.authorization_version == shown["version"] else None

    @property
    def state(self) -> State:
        """Returned is an adviser's act; a machine's finding is incomplete."""
        if self.phase == "complete":
            return self.shown or "complete"
        return "returned" if self.phase == "incomplete" and self.returns else self.phase

"""All about one student, loaded under the student's lock (P16)."""

from dataclasses import dataclass, replace
from datetime import datetime

from cpt.campus.calendar import AcademicCalendar
from cpt.contracts.values import StudentProfile
from enrollment_sync.adapt import facts_of
from enrollment_sync.domain import Evaluation, Student, stands_as_before
from enrollment_sync.evaluating import Inputs
from enrollment_sync.known import Known
from enrollment_sync.watch import Watch


@dataclass(slots=True)
class Dossier:
    """`watches` are the open ones; `lost`: terms of a request whose course is gone; `blind`: a message of the
    registrar about this student is parked (P29).
    """

    emplid: str
    source_seq: int
    profile: StudentProfile | None
    stale_since: datetime | None
    watches: tuple[Watch, ...]
    known: Known
    calendar: AcademicCalendar
    lost: dict[str, frozenset[str]]
    blind: bool

    def learn(self, after: Known) -> None:
        """The sequence never falls (P17)."""
        self.source_seq = max(self.source_seq, after.enrollments.highest)
        self.known = after

    @property
    def request_ids(self) -> list[str]:
        return [watch.request_id for watch in self.watches]

    @property
    def issued(self) -> list[Watch]:
        return [watch for watch in self.watches if watch.issued]

    def inputs(self, watch: Watch, known: Known) -> Inputs | None:
        """None before the first check, which tells the student's career."""
        if self.profile is None:
            return None
        student = Student(self.profile.acad_career, self.profile.level)
        return Inputs(watch.facts, student, known.enrollments, known.unread_terms)

    def evaluate(self, watch: Watch, known: Known) -> Evaluation | None:
        inputs = self.inputs(watch, known)
        return inputs.evaluate(self.calendar) if inputs else None

    def before_and_now(self, watch: Watch, before: Known) -> tuple[Evaluation, Evaluation] | None:
        """None before the first check. The same one twice where no row changed its standing: equal in all that decides."""
        now = self.inputs(watch, self.known)
        if now is None:
            return None
        after, facts = now.evaluate(self.calendar), facts_of(watch.facts, now.student)
        same_unread = before.unreadable == self.known.unreadable
        if same_unread and stands_as_before(before.enrollments, self.known.enrollments, facts):
            return after, after
        then = replace(now, enrollments=before.enrollments, unreadable=before.unread_terms)
        return then.evaluate(self.calendar), after

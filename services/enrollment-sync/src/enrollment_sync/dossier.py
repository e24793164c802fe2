"""All about one student, loaded under the student's lock (P16)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from cpt.campus.calendar import AcademicCalendar
from cpt.campus.policy import IN_FORCE
from cpt.contracts.values import StudentProfile
from enrollment_sync.domain import Evaluation, Facts, Policy, Student, carried, stands_as_before
from enrollment_sync.enrollment_record import EnrollmentRecord
from enrollment_sync.evaluation_inputs import Inputs
from enrollment_sync.mapping import facts_of
from enrollment_sync.watch import Watch

Kind = Literal["enrollment", "replaced", "unnamed", "status", "load", "reported"]


@dataclass(frozen=True, slots=True)
class Hit:
    """What an open loss took from one request in one term. `annotated_at`: since an event showed it met again, which
    only a later read confirms (P25); `replacement`: the class that was added in the same act; `course`: where the
    request names several in the term, the one that was lost, else empty.
    """

    loss_id: str
    request_id: str
    strm: str
    kind: Kind
    class_nbr: str | None
    annotated_at: datetime | None
    replacement: str | None
    detected_at: datetime
    course: str = ""


@dataclass(slots=True)
class Dossier:
    """`source_seq`: how far SPIRE's sequence has come, raised last at `sequence_at`; `stale_reads`: when the last reads
    began that lay below it; `watches` are the open ones; `hits`: what open losses took from them; `blind`: a message of the registrar about
    this student is parked (P29).
    """

    emplid: str
    source_seq: int
    profile: StudentProfile | None
    stale_since: datetime | None
    stale_reads: tuple[datetime, ...]
    sequence_at: datetime | None
    watches: tuple[Watch, ...]
    known: EnrollmentRecord
    calendar: AcademicCalendar
    policy: Policy
    hits: tuple[Hit, ...]
    blind: bool

    def learn(self, after: EnrollmentRecord) -> None:
        """The sequence never falls (P17)."""
        self.source_seq = max(self.source_seq, after.enrollments.highest)
        self.known = after

    @property
    def request_ids(self) -> list[str]:
        return [watch.request_id for watch in self.watches]

    @property
    def issued(self) -> list[Watch]:
        return [watch for watch in self.watches if watch.issued]

    def hits_of(self, request_id: str, strm: str, *kinds: Kind) -> list[Hit]:
        mine = (hit for hit in self.hits if (hit.request_id, hit.strm) == (request_id, strm))
        return [hit for hit in mine if hit.kind in (kinds or ("enrollment", "replaced"))]

    def lost(self, request_id: str) -> bool:
        """Whether a term's course is gone for it, and nothing has shown it met again."""
        return any(
            hit.request_id == request_id and hit.annotated_at is None and hit.kind in {"enrollment", "replaced"}
            for hit in self.hits
        )

    def inputs(self, watch: Watch, known: EnrollmentRecord) -> Inputs | None:
        """None before the first check, which tells the student's career."""
        if self.profile is None:
            return None
        student = Student(self.profile.acad_career, self.profile.level)
        return Inputs(
            watch.asked(known.enrollments, self.policy.codes),
            student,
            known.enrollments,
            known.unread_terms,
            watch.basis.unnamed,
            summer_coop_exempt=IN_FORCE.get().summer_coop == "exempt",
        )

    def evaluate(self, watch: Watch, known: EnrollmentRecord) -> Evaluation | None:
        inputs = self.inputs(watch, known)
        return inputs.evaluate(self.calendar, self.policy) if inputs else None

    def before_and_now(self, watch: Watch, before: EnrollmentRecord) -> tuple[Evaluation, Evaluation] | None:
        """None before the first check. The same one twice where no row changed its standing: equal in all that decides."""
        now = self.inputs(watch, self.known)
        if now is None:
            return None
        after = now.evaluate(self.calendar, self.policy)
        if self.stands_as_before(before, now):
            return after, after
        then = replace(
            now,
            facts=watch.asked(before.enrollments, self.policy.codes),
            enrollments=before.enrollments,
            unreadable=before.unread_terms,
        )
        return then.evaluate(self.calendar, self.policy), after

    def stands_as_before(self, before: EnrollmentRecord, now: Inputs) -> bool:
        """Then every finding has the outcome and the classes that it had."""
        return self._stand_as_before(before, _facts(now))

    def is_untouched(self, watch: Watch, before: EnrollmentRecord, now: Inputs) -> bool:
        """Whether nothing can have changed for this authorization, as with an event about another class: every row that it
        rests on stands as before, one of them carries each of its terms, and no loss is open. It costs no evaluation.
        """
        if watch.issued is None or any(hit.request_id == watch.request_id for hit in self.hits):
            return False
        facts, known = _facts(now), self.known.enrollments
        terms_carried = (carried(known, strm, facts, self.policy) for strm in watch.issued.strms)
        return self._stand_as_before(before, facts) and all(terms_carried)

    def _stand_as_before(self, before: EnrollmentRecord, facts: Facts) -> bool:
        same_unread = before.unreadable == self.known.unreadable
        return same_unread and stands_as_before(before.enrollments, self.known.enrollments, facts, self.policy)


def _facts(inputs: Inputs) -> Facts:
    return facts_of(inputs.facts, inputs.student, inputs.unnamed)

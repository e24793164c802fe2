"""What changed for one authorization between two records of a student, term by term (A23, A24, P25, P26)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from enrollment_sync.domain import (
    Codes,
    Evaluation,
    Facts,
    Finding,
    Policy,
    QualifyingClass,
    Row,
    TermChange,
    transition,
)
from enrollment_sync.dossier import Dossier, Hit
from enrollment_sync.enrollment_record import EnrollmentRecord
from enrollment_sync.evaluation_inputs import Inputs
from enrollment_sync.losses.loss import Loss, loss_shown
from enrollment_sync.losses.same_act import took_its_place
from enrollment_sync.mapping import facts_of
from enrollment_sync.watch import Part, Watch

What = Literal["lost", "replaced", "unnamed", "regained", "swapped"]


@dataclass(frozen=True, slots=True)
class RequirementChange:
    """`hit`: the open loss that ends; `stays`: the class that was added in the same act, or a named one that is left."""

    what: What
    watch: Watch
    strm: str
    loss: Loss | None = None
    hit: Hit | None = None
    stays: Row | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One authorization, or a part of it, before and now; `window` is the settling window."""

    dossier: Dossier
    watch: Watch
    part: Part
    before: EnrollmentRecord
    inputs: Inputs
    now: datetime
    window: timedelta

    @property
    def facts(self) -> Facts:
        return facts_of(self.inputs.facts, self.inputs.student, self.inputs.unnamed)

    def changes(self, then: Evaluation, today: Evaluation) -> Iterator[RequirementChange]:
        """Skips terms that cannot be determined, and terms on which the authorization does not rest."""
        changes = {change.strm: change for change in transition(then, today)}
        new = _new_classes(then, today)
        for finding in today.findings:
            strm = finding.strm
            if strm not in self.part.strms or finding.outcome == "cannot_determine":
                continue
            if hits := self._hits(strm):
                yield from self._of_open(finding, changes.get(strm), hits, new)
            else:
                yield from self._of_met(finding, changes.get(strm))
            if self.facts.named(strm) is None:
                yield from self._of_unnamed(finding, changes.get(strm))

    def _of_met(self, finding: Finding, change: TermChange | None) -> Iterator[RequirementChange]:
        if finding.outcome == "not_met" or (change and change.kind == "lost"):
            yield self._gone(finding.strm, change.gone[0] if change and change.gone else None)

    def _hits(self, strm: str) -> list[Hit]:
        """Of several courses, those of this one; what was lost before several were named tells its class alone."""
        hits = self.dossier.hits_of(self.watch.request_id, strm)
        if not self.part.course:
            return hits
        return [hit for hit in hits if hit.course == self.part.course or (not hit.course and self._is_of(hit))]

    def _is_of(self, hit: Hit) -> bool:
        row = self._row(hit.class_nbr, hit.strm)
        return row is not None and any(course.is_section_of(row) for course in self.facts.named(hit.strm) or ())

    def _of_open(
        self, finding: Finding, change: TermChange | None, hits: list[Hit], new: list[QualifyingClass]
    ) -> Iterator[RequirementChange]:
        """A named course that comes back ends each loss of it; a swap ends the one that it explains."""
        if finding.outcome == "met" and next(iter((*finding.classes, *new)), None):
            yield from (RequirementChange("regained", self.watch, finding.strm, hit=hit) for hit in hits)
            return
        if all(hit.annotated_at for hit in hits) and change and change.kind == "lost":
            yield self._gone(finding.strm, change.gone[0])
            return
        if any(hit.annotated_at is None for hit in hits):  # lost again since: the later loss stands for the term
            over = (hit for hit in hits if hit.annotated_at and not hit.replacement)
            yield from (RequirementChange("regained", self.watch, finding.strm, hit=hit) for hit in over)
        yield from (swap for hit in hits if (swap := self._of_hit(hit)))

    def _of_hit(self, hit: Hit) -> RequirementChange | None:
        row = self._lost_row(hit.strm, None) if hit.course else self._row(hit.class_nbr, hit.strm)
        loss = self._loss(hit.strm, None, row)
        if hit.kind == "replaced":
            stays = self._row(hit.replacement, hit.strm)
            carries = stays is not None and self._carries(stays)
            was = self._was_carried(hit)
            return None if carries or not was else self._gone_replacement(hit, stays)
        others = self._stand_ins(loss, row)
        return RequirementChange("swapped", self.watch, hit.strm, loss, hit, others[0]) if others else None

    def _gone(self, strm: str, gone: QualifyingClass | None) -> RequirementChange:
        row = self._lost_row(strm, gone)
        loss = self._loss(strm, gone, row)
        others = self._stand_ins(loss, row) if gone else []
        return RequirementChange(
            "replaced" if others else "lost", self.watch, strm, loss, stays=others[0] if others else None
        )

    def _stand_ins(self, loss: Loss, row: Row | None) -> list[Row]:
        """Classes added in the same act, which have to satisfy all but the name; one that is named beside it is no
        other course.
        """
        facts = facts_of(self.inputs.facts.model_copy(update={"courses": ()}), self.inputs.student)
        known = self.dossier.known
        found = took_its_place(known, row, loss.strm, loss.origin, facts, self.window, self._policy)
        if not self.part.course:
            return found
        whole = facts_of(self.watch.asked(known.enrollments, self._policy.codes), self.inputs.student)
        return [other for other in found if not whole.rests_on(other)]

    def _gone_replacement(self, hit: Hit, row: Row | None) -> RequirementChange:
        """The class that took the place is gone too, before anybody confirmed it."""
        return RequirementChange("lost", self.watch, hit.strm, self._loss(hit.strm, None, row))

    def _loss(self, strm: str, gone: QualifyingClass | None, row: Row | None) -> Loss:
        """With the course that was named, which is all there is to tell where SPIRE shows no class of it."""
        named = " or ".join(course.label for course in self.facts.named(strm) or ()) or None
        loss = loss_shown(strm, gone, row, self.before, self.dossier.known, self.now, self._policy.codes)
        return replace(loss, named=named, part=self.part.course)

    def _of_unnamed(self, finding: Finding, change: TermChange | None) -> Iterator[RequirementChange]:
        """Until somebody names the course, each class that goes may be the one; each that comes back ends its loss."""
        left = {entry.class_nbr for entry in finding.classes}
        for gone in change.gone if change and change.kind == "replaced" else ():
            row = self._row(gone.class_nbr, finding.strm)
            yield RequirementChange(
                "unnamed",
                self.watch,
                finding.strm,
                self._loss(finding.strm, gone, row),
            )
        for hit in self.dossier.hits_of(self.watch.request_id, finding.strm, "unnamed"):
            if hit.class_nbr in left:
                yield RequirementChange("regained", self.watch, finding.strm, hit=hit)

    @property
    def _policy(self) -> Policy:
        return self.dossier.policy

    def _carries(self, row: Row) -> bool:
        return _active_in(self.dossier.known, row, self._policy.codes)

    def _was_carried(self, hit: Hit) -> bool:
        row = next(
            (r for r in self.before.enrollments.rows if (r.strm, r.class_nbr) == (hit.strm, hit.replacement)), None
        )
        return row is not None and _active_in(self.before, row, self._policy.codes)

    def _row(self, class_nbr: str | None, strm: str) -> Row | None:
        rows = self.dossier.known.enrollments.rows
        return next((row for row in rows if (row.strm, row.class_nbr) == (strm, class_nbr)), None)

    def _lost_row(self, strm: str, gone: QualifyingClass | None) -> Row | None:
        """Where nothing was seen to go: the named class itself; where nobody named one, what changed last."""
        if gone:
            return self._row(gone.class_nbr, strm)
        rows = [row for row in self.dossier.known.enrollments.rows if row.strm == strm and self.facts.rests_on(row)]
        return max(rows, key=lambda row: row.source_seq, default=None)


def _active_in(known: EnrollmentRecord, row: Row, codes: Codes) -> bool:
    return codes.standing(row.status) == "enrolled" and known.enrollments.ending(row, codes) is None


def _new_classes(then: Evaluation, today: Evaluation) -> list[QualifyingClass]:
    """Of any term: a new row carries a co-op's other terms again (A13)."""
    known = {entry.class_nbr for finding in then.findings for entry in finding.classes}
    return [entry for finding in today.findings for entry in finding.classes if entry.class_nbr not in known]

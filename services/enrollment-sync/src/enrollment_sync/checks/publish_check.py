"""EnrollmentChecked: published when it says something new (P3, P4, P20, P21)."""

from collections.abc import Sequence
from datetime import datetime

from cpt.campus.clock import eastern_date
from cpt.contracts.enrollment import EnrollmentChecked
from cpt.contracts.values import Finding, Flag, Outcome
from cpt.messaging import append
from cpt.postgres import Connection
from enrollment_sync.domain import Evaluation
from enrollment_sync.dossier import Dossier
from enrollment_sync.evaluation_inputs import EVALUATION, INPUTS, Inputs
from enrollment_sync.mapping import classes_of, findings_of
from enrollment_sync.profile_flags import profile_flags
from enrollment_sync.store import save_watch, sql
from enrollment_sync.watch import Watch

BLIND = Flag(
    code="student_blind",
    message="A message from the registrar about this student could not be read; operations has been notified.",
)


async def publish_check(
    connection: Connection,
    dossier: Dossier,
    watch: Watch,
    inputs: Inputs,
    asked_by: Sequence[str],
    now: datetime,
    *,
    unconfirmed: bool = False,
) -> Evaluation:
    """`unconfirmed`: an event told of a loss, and a read has still to confirm it (P20)."""
    evaluation = inputs.evaluate(dossier.calendar, dossier.policy)
    answer = EnrollmentChecked(
        request_id=watch.request_id,
        emplid=dossier.emplid,
        check_no=watch.check_no + 1,
        facts_version=evaluation.facts_version,
        calendar_version=evaluation.calendar_version,
        rule_version=evaluation.rule_version,
        outcome=_outcome(dossier, watch, evaluation, unconfirmed=unconfirmed),
        findings=tuple(_unconfirmed(findings_of(evaluation)) if unconfirmed else findings_of(evaluation)),
        flags=tuple(_flags(dossier, watch, evaluation, now)),
        asked_by=tuple(asked_by),
        checked_at=now,
        student=dossier.profile,
        undetermined=evaluation.undetermined,
        classes=classes_of(inputs.enrollments, watch.strms(dossier.calendar), dossier.policy.codes),
    )
    said = answer.model_dump(mode="json", exclude={"check_no", "checked_at"})
    if said != watch.published:
        watch.check_no, watch.published = answer.check_no, said
        await save_watch(connection, watch)
        codes = dossier.policy.codes.version
        await keep_evaluation(connection, watch, inputs, evaluation, now, check_no=answer.check_no, codes=codes)
        await append(connection, answer, sequence=watch.version, now=now)
    return evaluation


async def keep_evaluation(
    connection: Connection,
    watch: Watch,
    inputs: Inputs,
    evaluation: Evaluation,
    now: datetime,
    *,
    check_no: int | None,
    codes: int,
) -> None:
    await connection.execute(
        sql.add_evaluation,
        watch.request_id,
        check_no,
        evaluation.rule_version,
        evaluation.calendar_version,
        codes,
        INPUTS.dump_python(inputs, mode="json"),
        EVALUATION.dump_python(evaluation, mode="json"),
        now,
    )


def _outcome(dossier: Dossier, watch: Watch, evaluation: Evaluation, *, unconfirmed: bool) -> Outcome:
    """After issuance a standing loss is the answer, also where another term alone would carry a co-op (P26, case 57)."""
    if unconfirmed:
        return "pending"
    if evaluation.outcome == "met" and dossier.lost(watch.request_id):
        return "not_met"
    return evaluation.outcome


def _unconfirmed(findings: Sequence[Finding]) -> list[Finding]:
    return [
        found.model_copy(update={"outcome": "pending"}) if found.outcome == "not_met" else found for found in findings
    ]


def _flags(dossier: Dossier, watch: Watch, evaluation: Evaluation, now: datetime) -> list[Flag]:
    flags = [Flag(code=flag.code, message=flag.message) for flag in evaluation.flags]
    if dossier.profile:
        flags += profile_flags(watch.facts, dossier.profile, dossier.calendar, eastern_date(now))
    return [*flags, BLIND] if dossier.blind else flags

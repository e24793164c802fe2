"""The student says that they left the course: a suspicion and a read, whatever SPIRE shows so far (case 81)."""

from datetime import datetime

from cpt.campus.clock import eastern_date
from cpt.contracts.intake import StudentReported
from cpt.postgres import Connection
from enrollment_sync.domain import Row
from enrollment_sync.dossier import Dossier
from enrollment_sync.due import make_check_due
from enrollment_sync.losses.guard import Guard
from enrollment_sync.losses.loss import Loss
from enrollment_sync.losses.publish_loss import Act, publish_loss
from enrollment_sync.mapping import facts_of
from enrollment_sync.provenance import Provenance
from enrollment_sync.store import calendar_in_force, load_dossiers, sql, students_of
from enrollment_sync.watch import Watch


async def suspect_reported(connection: Connection, event: StudentReported, now: datetime, guard: Guard) -> None:
    """Told once for each day that the student names. No read ends it: review has a person ask, unless SPIRE shows the
    loss itself.
    """
    if event.what != "withdrew_from_course":
        return
    emplids = await students_of(connection, [event.request_id])
    dossiers = await load_dossiers(connection, emplids, await calendar_in_force(connection))
    for dossier in dossiers.values():
        mine = [watch for watch in dossier.issued if watch.request_id == event.request_id]
        for watch, loss in ((watch, _loss(dossier, watch, event, now)) for watch in mine):
            if loss and not await connection.fetchval(sql.act_was_told, dossier.emplid, loss.act):
                await publish_loss(connection, dossier, Act([(watch, loss)]), now, guard)
    await make_check_due(connection, emplids, "reported", now)


def _loss(dossier: Dossier, watch: Watch, event: StudentReported, now: datetime) -> Loss | None:
    """In the term of the day that was named; a course that is known to be gone needs no suspicion."""
    assert watch.issued is not None
    on = event.on or eastern_date(event.at)
    terms = {term.strm for term in dossier.calendar.overlapped_terms(on, on)}
    strm = next((strm for strm in watch.issued.strms if strm in terms), next(iter(watch.issued.strms), None))
    if strm is None or dossier.hits_of(watch.request_id, strm):
        return None
    row = _named(dossier, watch, strm)
    origin = Provenance("the student's report", min(event.at, now), now, f"reported/{watch.request_id}/{on}", "student")
    return Loss(strm, None, row, row, None, origin, "reported", on, row.source_seq if row else 0, "reported")


def _named(dossier: Dossier, watch: Watch, strm: str) -> Row | None:
    inputs = dossier.inputs(watch, dossier.known)
    facts = facts_of(inputs.facts, inputs.student, inputs.unnamed) if inputs else None
    rows = dossier.known.enrollments.in_term(dossier.emplid, strm)
    mine = [row for row in rows if row.is_primary and facts and facts.named(strm) and facts.rests_on(row)]
    return max(mine, key=lambda row: row.source_seq, default=None)

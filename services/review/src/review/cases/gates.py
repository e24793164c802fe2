"""The two gates, asked with the row locks held: approve and issue rest on a fresh answer of SPIRE (P21)."""

from datetime import datetime

from cpt.postgres import Connection
from review.cases.dossier import Dossier, load_dossier
from review.domain import GateAnswer, gate
from review.store import Case, calendar_in_force, check_of


async def evaluate_gate(
    connection: Connection, case: Case, question: str | None, now: datetime
) -> tuple[GateAnswer, Dossier]:
    facts = case.completed.facts
    dossier = await load_dossier(connection, case, await calendar_in_force(connection), now)
    check = check_of(dossier.answer)[0] if dossier.answer else None
    strms = [term.strm for term in dossier.calendar.overlapped_terms(facts.start_date, facts.end_date)]
    opinion = gate(check, question, facts_version=case.facts_version, calendar=dossier.calendar, strms=strms)
    return opinion, dossier

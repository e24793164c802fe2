"""Every decision of a person with what it rested on: rule and calendar version, facts, the check, the flags."""

from typing import Any, Literal

from cpt.postgres import Connection
from review.cases.dossier import Dossier
from review.cases.flags import flags_of
from review.store import Cause, sql

Decision = Literal["approved", "returned", "denied", "issued", "changed", "canceled"]


async def save_decision(
    connection: Connection, dossier: Dossier, decision: Decision, cause: Cause, **said: Any
) -> None:
    """`said`: what the person entered. The row never changes."""
    case, answer = dossier.case, dossier.answer
    inputs = {
        "facts": case.completed.facts.model_dump(mode="json"),
        "round": case.round,
        "check_no": answer.check_no if answer else None,
        "flags": [flag.code for flag in flags_of(dossier)],
        "said": said,
    }
    await connection.execute(
        sql.add_decision,
        case.request_id,
        cause.at,
        cause.actor or "system",
        decision,
        answer.rule_version if answer else None,
        dossier.calendar.version,
        inputs,
    )

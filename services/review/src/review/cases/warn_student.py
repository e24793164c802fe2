"""A warning that the student must have read as well as the DSO (case 68); it blocks nothing."""

from cpt.contracts.review import ReviewEvent
from cpt.contracts.staff import AcknowledgementAsked
from cpt.messaging import append
from cpt.postgres import Connection
from review.cases.dossier import Dossier, beside
from review.cases.flags import flags_of
from review.cases.release import about
from review.store import Cause, sql
from review.tasks.open_task import open_task

OPT_LOSS = "fulltime_cpt_twelve_months"
UNREAD = f"{OPT_LOSS}_unread"
"""The task that stays open until the student has read the warning."""


async def ask_acknowledgement(
    connection: Connection, dossier: Dossier, code: str, cause: Cause, *, task_days: int
) -> None:
    """Asks the student once; the DSO sees an open task until the answer."""
    case = dossier.case
    read = await beside(connection, case.request_id)
    flag = next((flag for flag in flags_of(dossier) if flag.code == code), None)
    if flag is None or code in {row["text"] for row in read["acknowledgement"]}:
        return
    detail = "The student has not acknowledged yet that twelve months of full-time CPT end the claim to OPT."
    await open_task(connection, case.request_id, UNREAD, detail, cause, days=task_days)
    event: ReviewEvent = AcknowledgementAsked(
        **about(case),
        reference=case.completed.reference,
        code=code,
        message=flag.message,
        recipient=case.completed.recipient,
        at=cause.at,
    )
    version = await connection.fetchval(sql.touch_case, case.request_id)
    await append(connection, event, sequence=version, now=cause.at)

"""After issuance a DSO names or confirms the courses an authorization rests on (A24); supposed ones are kept until then."""

from collections.abc import Iterable
from datetime import datetime

from cpt.contracts.enrollment import CoursesAssumed
from cpt.contracts.values import NamedCourse, Person
from cpt.postgres import Connection
from review.authorizations import Confirmation, confirm_courses
from review.cases.courses import sound_courses
from review.cases.dossier import load_dossier
from review.cases.ownership import lock_assigned_case
from review.domain import Refused
from review.store import Cause, calendar_in_force, sql, write_audit
from review.tasks.finish_task import finish_tasks_of_code
from review.tasks.open_task import open_task

UNNAMED = "course_unnamed"


async def name_courses(
    connection: Connection, request_id: str, dso: Person, said: Iterable[NamedCourse], comment: str, now: datetime
) -> tuple[NamedCourse, ...]:
    """The courses in one spelling. Raises `NoSuchCase`, `Refused` (wrong_state, not_yours), `Unfit`."""
    case = await lock_assigned_case(connection, request_id, dso, {"issued"})
    dossier = await load_dossier(connection, case, await calendar_in_force(connection), now)
    if dossier.standing is None:
        raise Refused("wrong_state", "Nothing was issued for this case.")
    courses = sound_courses(dossier, said)
    cause = Cause("name_courses", dso.sub, now)
    await confirm_courses(connection, dossier.standing, Confirmation(courses, comment), dso, cause)
    await finish_tasks_of_code(connection, request_id, UNNAMED, cause, dso.sub)
    return courses


async def assume_courses(connection: Connection, event: CoursesAssumed, cause: Cause, *, task_days: int) -> None:
    """What a request of before named courses rests on: a task for each whose course nobody knows."""
    await connection.execute(sql.assume_courses, event.request_id, event.courses)
    await write_audit(connection, cause, "courses_assumed", event.request_id, unnamed=list(event.unnamed))
    if not event.unnamed:
        await finish_tasks_of_code(connection, event.request_id, UNNAMED, cause, "system")
        return
    calendar = await calendar_in_force(connection)
    names = [term.name if (term := calendar.term(strm)) else f"term {strm}" for strm in event.unnamed]
    taken = [f"{c.subject} {c.catalog_nbr}" for c in event.classes if c.active and c.strm in event.unnamed]
    detail = (
        f"No course has been named for this CPT in {' and '.join(names)}. SPIRE shows: "
        f"{', '.join(taken) or 'no class'}. Until it is named, every drop in the term is an alert."
    )
    await open_task(connection, event.request_id, UNNAMED, detail, cause, days=task_days)

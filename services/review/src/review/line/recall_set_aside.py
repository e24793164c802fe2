"""CalendarRevised: numbers that waited for a calendar take their place again, and come first (A26, case 78)."""

from cpt.campus.calendar import AcademicCalendar
from cpt.postgres import Connection
from review.store import Cause, move_number, sql


async def recall_set_aside(connection: Connection, calendar: AcademicCalendar, cause: Cause) -> None:
    """Needs the line lock. Their hold is never renewed: the check that the new calendar asks for may still be on its way."""
    for row in await connection.fetch(sql.set_aside_numbers):
        if calendar.covers(row["start_date"], row["end_date"]):
            about = {"request_id": row["request_id"], "round_": row["round"]}
            await move_number(connection, row["receipt_number"], "pending", cause, **about)

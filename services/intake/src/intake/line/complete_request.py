"""Requests that lack nothing any more get the next numbers in line (P9, A2).

The numbers of one transaction are drawn together at its end (`unit_of_work`), in the order in which the requests became
ready, by one statement that only the outbox follows. Its lock lasts to the commit, so numbers come without gaps and in
order.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cpt.campus.business_days import due_on
from cpt.messaging import append
from cpt.postgres import Connection
from intake import events
from intake.domain.request import Request
from intake.store import (
    add_history,
    calendar_in_force,
    current_documents,
    draw_numbers,
    find_request,
    save_request,
    twins_of,
    write_audit,
)


async def reinstate_request(connection: Connection, request: Request, now: datetime) -> None:
    """P7, A3: the office erred, so the same number counts again in a higher round, with its clock."""
    again = replace(request, round=request.round + 1, shown="", named=request.agreement)
    papers = await current_documents(connection, request.request_id)
    saved = await save_request(connection, again)
    await append(
        connection,
        events.completed(saved, papers, await twins_of(connection, saved), reinstated=True),
        sequence=saved.version,
        now=now,
    )


async def complete_requests(connection: Connection, request_ids: Sequence[str], now: datetime) -> None:
    """A request that was ready and ended later in the same transaction gets no number."""
    papers, twins = {}, {}
    for request_id in request_ids:
        request = await find_request(connection, request_id)
        if request is None or request.phase != "incomplete":
            continue
        papers[request_id] = await current_documents(connection, request_id)
        twins[request_id] = await twins_of(connection, request)
        await add_history(connection, request_id, now, "completed", "system")
        await write_audit(connection, now, "system", "request_completed", request_id)
    due = due_on(now, (await calendar_in_force(connection)).closed_days)
    for request in await draw_numbers(connection, list(papers), now, due):
        told = events.completed(request, papers[request.request_id], twins[request.request_id])
        await append(connection, told, sequence=request.version, now=now)

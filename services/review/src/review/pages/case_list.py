"""All cases as a list: by state, adviser, term and due day."""

from datetime import timedelta
from typing import Any, Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from cpt.campus.clock import eastern_date
from cpt.postgres import Database
from cpt.runtime.clock import Clock
from cpt.web.people import named
from review.cases.page_of_cases import Sought, count_cases, page_of_cases
from review.cases.show_desk import show_holders
from review.domain import CaseState
from review.pages.common import Staff, pages_of
from review.pages.listing import ROWS, Adviser, Listing, PageNumber, Term
from review.store import calendar_in_force


def case_list(database: Database, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/cases")
    async def cases(
        request: Request,
        adviser: Staff,
        state: CaseState | Literal[""] = "",
        holder: Adviser = "",
        term: Term = "",
        due: Literal["late", "today", ""] = "",
        sort: Literal["newest", "due"] = "newest",
        page: PageNumber = 1,
    ) -> Response:
        chosen = {
            "state": state,
            "holder": holder,
            "term": term,
            "due": due,
            "sort": sort if sort != "newest" else None,
        }
        listing = Listing("/cases", chosen, page)
        today = eastern_date(clock())
        by = {"late": today - timedelta(days=1), "today": today}.get(due)
        sought = Sought(state or None, holder or None, term or None, by, sort)
        async with database.transaction() as connection:
            counts = await count_cases(connection, named(adviser))
            found = await page_of_cases(connection, sought, named(adviser), (ROWS + 1, listing.offset), clock())
            holders, calendar = await show_holders(connection), await calendar_in_force(connection)
        shown: dict[str, Any] = {"cases": found[:ROWS], "more": len(found) > ROWS, "counts": counts, "list": listing}
        terms = [(term.strm, term.name) for term in calendar.terms]
        return pages_of(request).render(request, "cases.html", holders=holders, terms=terms, today=today, **shown)

    return router

"""Every cell of review's state table: state of case and number × event, of the same round and of an older one."""

from datetime import date, timedelta
from itertools import count

import pytest

from cpt.campus.calendar import illustrative_calendar
from cpt.contracts.enrollment import CalendarRevised
from cpt.contracts.review import CaseAssigned, IssuanceAsked, ReturnReason
from review.cases.approve_case import Approval, approve_case
from review.cases.decide_case import deny_case, return_case
from review.cases.hand_over_case import give_back_case, reassign_case
from review.cases.ownership import NoSuchCase
from review.cases.record_i20 import IssuedDocument, record_i20
from review.domain.refusals import IllegalTransition, Refused
from review.line.assign_next_case import assign_next_case
from tests.factories import ADVISER, COLLEAGUE, DIRECTOR, checked, completed, facts, held, withdrawn
from tests.state_tables import cells, states_of

OUTCOMES = ("met", "not_met", "cannot_determine", "pending")
I20 = IssuedDocument("a" * 64, "i20.pdf", date(2026, 9, 1), "Kim Lee, PDSO")
FAR = {"start_date": date(2028, 9, 11), "end_date": date(2028, 12, 8)}
REASON = ReturnReason(text="The dates differ.", item=None)


def further_calendar():
    """The illustrative calendar and a term beyond it."""
    form = illustrative_calendar().to_form() | {"version": 2}
    fall = {"strm": "1287", "name": "Fall 2028", "start": "2028-09-05", "end": "2028-12-20", "sessions": []}
    return CalendarRevised(version=2, calendar=form | {"terms": [*form["terms"], fall]})


class Journey:
    """One request in its second round, so that there is an older one."""

    def __init__(self, review, request_id, emplid, numbers):
        self.review, self.request_id, self.numbers = review, request_id, numbers
        self.check_no, self.facts = count(1), facts(emplid, version=2)
        self.first = self.second = None

    async def complete(self):
        self.first, self.second = next(self.numbers), next(self.numbers)
        await self.review.hear(self._completed(1, self.first))
        await self.review.hear(self._completed(2, self.second))

    def _completed(self, round_, number, **fields):
        return completed(self.request_id, number, round=round_, facts=self.facts, **fields)

    async def reach(self, state):
        if state == "unseen":
            self.first, self.second = next(self.numbers), next(self.numbers)
            return
        if state == "set_aside":
            self.facts = self.facts.model_copy(update=FAR)
        await self.complete()
        if state == "set_aside":
            await self.answer("cannot_determine", undetermined="calendar_not_loaded")
        elif state != "pending":
            await self.answer("met")
        if state in {"assigned", "approved", "issued", "returned", "denied"}:
            await self.act("take")
            await self.answer("met", [await self.asked(CaseAssigned)])
        for act in {
            "approved": ["approve"],
            "issued": ["approve", "issue"],
            "returned": ["return"],
            "denied": ["deny"],
        }.get(state, []):
            await self.act(act)
        if state == "withdrawn":
            await self.happen("withdrawn", older=False)

    async def answer(self, outcome, asked_by=(), version=2, undetermined=None):
        about = {"emplid": self.facts.emplid, "facts_version": version, "undetermined": undetermined}
        event = checked(self.request_id, next(self.check_no), outcome, asked_by=asked_by, **about)
        await self.review.hear(event)

    async def asked(self, kind):
        mine = [told for told in await self.review.published(kind) if told.event.request_id == self.request_id]
        return mine[-1].id

    async def happen(self, name, *, older):
        number, round_ = (self.first, 1) if older else (self.second, 2)
        match name:
            case "completed":
                await self.review.hear(self._completed(round_, number))
            case "completed_anew":
                await self.review.hear(self._completed(3, next(self.numbers)))
            case "reinstated":
                await self.review.hear(self._completed(3, self.second, reinstated=True))
            case "held":
                await self.review.hear(held(self.request_id, number, round=round_))
            case "withdrawn":
                await self.review.hear(withdrawn(self.request_id, number, round=round_))
            case "no_term" | "calendar_not_loaded":
                await self.answer("cannot_determine", version=1 if older else 2, undetermined=name)
            case "calendar_loaded":
                await self.review.hear(further_calendar())
            case _ if name in OUTCOMES:
                await self.answer(name, version=1 if older else 2)
            case _:
                await self.act(name)

    async def act(self, name):
        async with self.review.act() as connection:
            now, request_id = self.review.now, self.request_id
            match name:
                case "take":
                    await assign_next_case(connection, ADVISER, None, now)
                case "approve":
                    await approve_case(connection, request_id, ADVISER, Approval(), now)
                case "return":
                    await return_case(connection, request_id, ADVISER, [REASON], now, office_error=False)
                case "return_by_error":
                    await return_case(connection, request_id, ADVISER, [REASON], now, office_error=True)
                case "deny":
                    await deny_case(connection, request_id, ADVISER, "Not a student any more", now)
                case "give_back":
                    await give_back_case(connection, request_id, ADVISER, "On leave", now)
                case "reassign":
                    await reassign_case(connection, request_id, DIRECTOR, COLLEAGUE, now)
                case "issue":
                    await self._issue(connection)
        if name == "issue" and (await self.review.case(request_id)).state != "issued":
            await self.answer("met", [await self.asked(IssuanceAsked)])
            async with self.review.act() as connection:
                await self._issue(connection)

    async def _issue(self, connection):
        await record_i20(connection, self.request_id, ADVISER, I20, self.review.now, timedelta(minutes=15))

    async def state(self):
        case = await self.review.case(self.request_id)
        if case is None:
            return "unseen"
        number = case.receipt_number and await self.review.number(case.receipt_number)
        return f"{case.state}/{number.state}" if number else case.state

    async def leave(self):
        """Nothing of it holds the line of the next cell."""
        await self.happen("withdrawn", older=False)
        for number in (self.first, self.second):
            if await self.review.number(number) is None:
                await self.review.hear(held(self.request_id, number, round=1))


@pytest.mark.parametrize("state", states_of("review"))
async def test_every_event_and_act_in_this_state(review, state):
    """P1–P8, P20: what is old is history, only intake voids a number, and nobody acts on a case that is not theirs."""
    wrong, numbers = [], count(1)
    for place, (name, older, expected) in enumerate(cells("review", state)):
        journey = Journey(review, f"r{place}", f"3{place:07}", numbers)
        await journey.reach(state)
        before = await journey.state()

        try:
            await journey.happen(name, older=older)
            found = await journey.state()
        except (Refused, NoSuchCase, IllegalTransition) as refused:
            found = {"Refused": "409", "NoSuchCase": "404"}.get(type(refused).__name__, repr(refused))

        if found != (before if expected == "=" else expected):
            wrong.append(f"{name}{' (older)' * older}: {before} -> {found} instead of {expected}")
        await journey.leave()
    assert not wrong, "\n".join(wrong)

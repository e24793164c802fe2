"""What an adviser does with the case r1, as the tests say it."""

from datetime import date, timedelta

from cpt.contracts.review import CaseAssigned, IssuanceAsked
from review.cases.approve_case import Approval, approve_case
from review.cases.record_i20 import IssuedDocument, record_i20
from review.cases.show_case import show_case
from review.line.assign_next_case import assign_next_case
from tests.factories import ADVISER, checked, completed

VALID = timedelta(minutes=15)
I20 = IssuedDocument("a" * 64, "i20.pdf", date(2026, 9, 1), "Kim Lee, PDSO")


async def asked(review, kind):
    return (await review.published(kind))[-1].id


async def assigned(review, request_id="r1", number=1, **fields):
    """A case in the adviser's hands, with the id of the question that the assignment asked."""
    await review.hear(checked(request_id), completed(request_id, number, **fields))
    async with review.act() as connection:
        await assign_next_case(connection, ADVISER, None, review.now)
    return await asked(review, CaseAssigned)


async def view(review, request_id="r1"):
    async with review.act() as connection:
        return await show_case(connection, request_id, ADVISER, review.now)


async def flags(review, request_id="r1"):
    """The flags of the case by their code."""
    return {flag["code"]: flag["message"] for flag in (await view(review, request_id))["flags"]}


async def approved(review, request_id="r1", number=1, *, answer=None, **fields):
    """Approved with every flag accepted; `answer`: what SPIRE says to the assignment."""
    question = await assigned(review, request_id, number, **fields)
    await review.hear(checked(request_id, check_no=2, asked_by=[question], **(answer or {})))
    accepted = list(await flags(review, request_id))
    async with review.act() as connection:
        await approve_case(connection, request_id, ADVISER, Approval(accepted), review.now)


async def record(review, document=I20, request_id="r1"):
    async with review.act() as connection:
        return await record_i20(connection, request_id, ADVISER, document, review.now, VALID)


async def issued(review, document=I20, request_id="r1", number=1, *, answer=None, **fields):
    await approved(review, request_id, number, answer=answer, **fields)
    await record(review, document, request_id)
    question = await asked(review, IssuanceAsked)
    await review.hear(checked(request_id, check_no=3, asked_by=[question], **(answer or {})))
    assert await record(review, document, request_id) == "open"

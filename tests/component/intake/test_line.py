"""Numbers without gaps, in the order in which requests became complete."""

import asyncio

import pytest

from cpt.contracts.intake import RequestCompleted, RequestHeld
from intake.line.unit_of_work import drawing_numbers
from intake.store import find_request
from intake.student.resubmit_request import resubmit_request
from tests.component.intake import happened
from tests.component.intake.conftest import a_person, an_agreement, later


async def numbers(intake):
    return [told.receipt_number for told in await intake.published(RequestCompleted)]


async def test_twenty_students_at_once_get_twenty_numbers_without_a_gap_in_the_order_told(intake):
    """P9: on the topic, too, a higher number never comes before a lower one."""
    students = [f"3{number:07}" for number in range(20)]
    await intake.hear(*(an_agreement(student) for student in students))
    waiting = []
    for student in students:
        waiting.append(await intake.submit(student))
        await intake.upload(waiting[-1], "offer_letter", sub=student)
        await intake.upload(waiting[-1], "enrollment_proof", sub=student)

    last = zip(waiting, students, strict=True)
    await asyncio.gather(*(intake.upload(one, "handshake_contract", sub=student) for one, student in last))

    assert await numbers(intake) == list(range(1, 21))


async def test_one_batch_draws_its_numbers_in_the_order_of_its_events(intake):
    """P9."""
    ready = [await intake.with_papers(student) for student in ("31", "32", "33")]

    await intake.hear(an_agreement("33"), an_agreement("31"), an_agreement("32"))

    told = {one.request_id: one.receipt_number for one in await intake.published(RequestCompleted)}
    assert [told[request_id] for request_id in ready] == [2, 3, 1]


async def test_who_lacks_something_again_in_the_same_batch_loses_that_place(intake):
    first, second = await intake.with_papers("31"), await intake.with_papers("32")

    await intake.hear(
        an_agreement("31"),
        an_agreement("31", version=2, status="needs_review"),
        an_agreement("32"),
        an_agreement("31", version=3),
    )

    assert (await intake.request(second)).receipt_number == 1
    assert (await intake.request(first)).receipt_number == 2


async def test_a_request_that_was_complete_for_a_moment_inside_a_batch_draws_no_number(intake):
    """P9: drawn at the end of the batch; a number is never drawn in vain."""
    request_id = await intake.with_papers()

    await intake.hear(an_agreement(), an_agreement(version=2, status="withdrawn"))

    assert await intake.missing(request_id) == {"agreement.withdrawn"}
    assert await intake.published(RequestCompleted) == []
    assert await intake.published(RequestHeld) == []


@pytest.mark.parametrize("ended", [happened.denied, happened.withdrawn])
async def test_a_request_that_ends_in_the_batch_in_which_it_was_ready_stays_ended(intake, ended):
    """P1, P5: a denial that crossed a lost and regained agreement is the end; no number is drawn for it."""
    request_id = await intake.complete()
    before = await intake.request(request_id)

    await intake.hear(an_agreement(version=2, status="withdrawn"), an_agreement(version=3), ended(before))

    after = await intake.request(request_id)
    assert after.phase == ("denied" if ended is happened.denied else "withdrawn")
    assert len(await intake.published(RequestCompleted)) == 1


async def test_a_rolled_back_completion_gives_its_number_back(intake):
    """P9: gapless, also when a process dies before its commit."""
    request_id = await intake.complete()
    await intake.hear(happened.returned(await intake.request(request_id)))

    with pytest.raises(ProcessDied, match="with number 2"):
        await _resubmit_and_die(intake, request_id)
    await intake.act(resubmit_request, request_id, "Signed")

    assert (await intake.request(request_id)).receipt_number == 2


class ProcessDied(Exception):
    """After the number was drawn, before the commit."""


async def _resubmit_and_die(intake, request_id):
    async with intake.database.transaction() as connection:
        async with drawing_numbers(connection, intake.now) as work:
            await resubmit_request(work, request_id, a_person(), "Signed")
        drawn = await find_request(connection, request_id)
        raise ProcessDied(f"with number {drawn.receipt_number}")


async def test_the_place_in_line_counts_complete_lower_numbers_that_nobody_took(intake):
    """P15."""
    first, second, third = [await intake.complete(student) for student in ("31", "32", "33")]
    assert (await intake.view(third)).place_in_line == 3

    await intake.hear(happened.assigned(await intake.request(first)))
    assert (await intake.view(third)).place_in_line == 2
    assert (await intake.view(first)).place_in_line is None

    await intake.hear(happened.given_back(await intake.request(first)))
    assert (await intake.view(third)).place_in_line == 3
    assert (await intake.view(second)).place_in_line == 2


async def test_a_returned_request_comes_back_with_a_new_number_and_a_new_clock(intake):
    """A2, A3, case 42."""
    request_id = await intake.complete()
    await intake.hear(happened.returned(await intake.request(request_id)))
    assert await intake.missing(request_id) == {"return.1"}
    view = await intake.view(request_id)
    assert (view.state, view.receipt_number, view.due_on) == ("returned", None, None)

    intake.now = later(days=7)
    await intake.act(resubmit_request, request_id, "Signed now")

    view = await intake.view(request_id)
    assert (view.state, view.receipt_number, view.received_at) == ("complete", 2, intake.now)
    held = await intake.published(RequestHeld)
    assert [(one.cause, one.receipt_number, one.missing[0].code) for one in held] == [("return", 1, "return.1")]


async def test_an_error_of_the_office_keeps_number_place_and_clock(intake):
    """P7, A3: a higher round, the same number, and nothing is held."""
    request_id = await intake.complete()
    before = await intake.request(request_id)
    await intake.hear(happened.assigned(before))

    intake.now = later(days=3)
    await intake.hear(happened.returned_by_error(before))

    again = (await intake.published(RequestCompleted))[-1]
    assert (again.round, again.receipt_number, again.reinstated) == (2, 1, True)
    assert (again.received_at, again.due_on) == (before.received_at, before.due_on)
    assert await intake.published(RequestHeld) == []


async def test_an_office_error_heard_after_the_number_was_given_up_is_history(intake):
    """P7b."""
    request_id = await intake.complete()
    before = await intake.request(request_id)
    await intake.hear(an_agreement(version=2, status="withdrawn"), happened.returned_by_error(before))

    assert len(await intake.published(RequestCompleted)) == 1
    assert await intake.state(request_id) == "incomplete"

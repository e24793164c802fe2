"""What Handshake tells, and what follows for requests (R34, R35, P23)."""

import asyncio
from datetime import date

import pytest

from cpt.contracts.intake import AgreementLost, RequestCompleted, RequestHeld, RequestSubmitted
from infra.devstack.patience import stretched
from intake.student.request_manual_check import request_manual_check
from tests.component.intake import happened
from tests.component.intake.conftest import an_agreement
from tests.factories import enveloped

OTHER_DATES = dict(start_date=date(2026, 10, 1), end_date=date(2026, 12, 11))
OTHER_TERM = dict(start_date=date(2027, 2, 1), end_date=date(2027, 5, 1))


async def test_an_approval_that_came_before_the_form_is_remembered(intake):
    """Case 46."""
    await intake.hear(an_agreement())

    request_id = await intake.submit()

    assert not any(code.startswith("agreement") for code in await intake.missing(request_id))


async def test_a_submission_waits_for_an_approval_that_is_under_way(intake):
    """Case 46: else neither transaction would see the other."""
    async with intake.database.transaction() as connection:
        await intake.consumer.handle(connection, [enveloped(an_agreement(), "event-0")])
        submitting = asyncio.create_task(intake.submit())
        await _waits_or_ends(intake, submitting)
        assert not submitting.done()

    assert "agreement.missing" not in await intake.missing(await submitting)


async def _waits_or_ends(intake, task):
    """Until the task is done or stands before a lock in this database."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.timeout(stretched(10)), intake.database.connection() as connection:
        while not task.done() and not await connection.fetchval(waiting):  # noqa: ASYNC110 PostgreSQL tells nobody
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"status": "pending"}, "pending"),
        ({"status": "started"}, "pending"),
        ({"status": "needs_review"}, "needs_review"),
        ({"status": "declined"}, "declined"),
        ({"status": "withdrawn"}, "withdrawn"),
        ({"employer": "Somebody Else LLC"}, "mismatch"),
        (OTHER_TERM, "mismatch"),
        ({"employer": "Somebody Else LLC", **OTHER_TERM}, "missing"),
    ],
)
async def test_only_an_approved_agreement_for_this_employer_and_these_dates_counts(intake, fields, code):
    """R35, case 46; `started` counts as pending."""
    request_id = await intake.with_papers()

    await intake.hear(an_agreement(**fields))

    assert await intake.missing(request_id) == {f"agreement.{code}"}


async def test_a_lower_or_equal_version_changes_nothing(intake):
    """P23."""
    request_id = await intake.complete()

    await intake.hear(an_agreement(version=1, status="declined"), an_agreement(version=0, status="declined"))

    assert await intake.state(request_id) == "complete"


@pytest.mark.parametrize(
    ("fields", "code"), [({"status": "withdrawn"}, "withdrawn"), ({"employer": "Somebody Else"}, "mismatch")]
)
async def test_a_contract_withdrawn_or_rewritten_in_review_sends_the_request_back(intake, fields, code):
    """Case 47: the number is given up, with every missing item."""
    request_id = await intake.complete()
    await intake.hear(happened.assigned(await intake.request(request_id)))

    await intake.hear(an_agreement(version=2, **fields))

    (held,) = await intake.published(RequestHeld)
    assert (held.cause, held.receipt_number, held.round) == ("agreement", 1, 1)
    assert [item.code for item in held.missing] == [f"agreement.{code}"]
    assert await intake.state(request_id) == "incomplete"


async def test_other_dates_of_the_contract_cost_the_number_though_nothing_is_missing(intake):
    """Case 47, P23: a completion names the dates it rests on."""
    await intake.complete()

    await intake.hear(an_agreement(version=2, **OTHER_DATES))

    first, second = await intake.published(RequestCompleted)
    assert (first.agreement.version, second.agreement.version, second.receipt_number) == (1, 2, 2)
    assert second.agreement.start_date == OTHER_DATES["start_date"]


async def test_a_new_version_that_says_the_same_costs_nothing(intake):
    await intake.complete()

    await intake.hear(an_agreement(version=2))

    assert await intake.published(RequestHeld) == []


async def test_an_agreement_lost_after_issuance_is_told(intake):
    """P23, case 47: a task for the DSO, the I-20 stands."""
    request_id = await intake.complete()
    await intake.hear(happened.issued(await intake.request(request_id)))

    await intake.hear(an_agreement(version=2, status="withdrawn"))

    (lost,) = await intake.published(AgreementLost)
    assert lost.agreement_id == "HS-30012345"
    assert await intake.state(request_id) == "issued"


async def test_an_agreement_lost_before_the_news_of_issuance_is_told_then(intake):
    """P23a: RequestHeld and I20Issued crossed."""
    request_id = await intake.complete()
    await intake.hear(an_agreement(version=2, status="withdrawn"))

    await intake.hear(happened.issued(await intake.request(request_id)))

    assert await intake.names() == ["RequestSubmitted", "RequestCompleted", "RequestHeld", "AgreementLost"]


async def test_an_approved_coop_contract_makes_new_facts(intake):
    """R25, R26, P4: asked again with the contract's dates."""
    await intake.submit(route="coop")

    await intake.hear(an_agreement(kind="coop", **OTHER_DATES))

    before, after = await intake.published(RequestSubmitted)
    assert (before.facts.facts_version, before.facts.coop) == (1, None)
    assert (after.facts.facts_version, after.facts.coop.start_date) == (2, OTHER_DATES["start_date"])


async def test_a_coop_contract_exempts_nobody_who_took_another_route(intake):
    """R26: nor does the route alone."""
    await intake.hear(an_agreement(kind="coop"))

    request_id = await intake.submit(route="credit")

    assert (await intake.request(request_id)).facts.coop is None


async def test_another_approved_agreement_takes_nothing_from_the_one_that_is_named(intake):
    """P2, P23: a renewal with the same employer, of a higher version, that shares days with the request."""
    request_id = await intake.complete()

    await intake.hear(an_agreement(agreement_id="HS-RENEWED", version=9, end_date=date(2027, 5, 1)))
    assert await intake.published(RequestHeld) == []

    await intake.hear(happened.issued(await intake.request(request_id)))
    await intake.hear(an_agreement(agreement_id="HS-RENEWED", version=10, end_date=date(2027, 5, 2)))
    assert await intake.published(AgreementLost) == []


async def test_when_the_named_agreement_is_withdrawn_another_approved_one_carries_the_request(intake):
    """P23, R35: by a completion of its own, which names it."""
    await intake.complete()
    await intake.hear(an_agreement(agreement_id="HS-RENEWED"))

    await intake.hear(an_agreement(version=2, status="withdrawn"))

    assert [told.agreement.agreement_id for told in await intake.published(RequestCompleted)][-1] == "HS-RENEWED"


async def test_a_coop_follows_its_contract_though_the_internship_is_approved_too(intake):
    """R25, R26: the approved contract exempts, whatever else Handshake has approved with that employer."""
    await intake.hear(an_agreement(agreement_id="HS-INTERNSHIP", version=9))
    await intake.hear(an_agreement(agreement_id="HS-COOP", kind="coop", **OTHER_DATES))

    request_id = await intake.submit(route="coop")

    assert (await intake.request(request_id)).facts.coop.agreement_id == "HS-COOP"


async def test_a_contract_handshake_never_told_of_goes_on_with_a_flag(intake):
    """P23: the adviser looks into Handshake."""
    request_id = await intake.with_papers()

    await intake.act(request_manual_check, request_id, "agreement", "It is approved there")

    (told,) = await intake.published(RequestCompleted)
    assert told.agreement is None
    assert {flag.code for flag in told.flags} == {"agreement_disputed", "hours_exactly_twenty"}


async def test_an_agreement_heard_of_and_not_approved_stays_missing(intake):
    """R35, P23, R36: whatever the student says; the message points to the hub."""
    request_id = await intake.with_papers()
    await intake.act(request_manual_check, request_id, "agreement", "It is approved there")

    await intake.hear(an_agreement(status="declined"))

    (item,) = (await intake.view(request_id)).missing
    assert (item.code, item.who_can_fix) == (
        "agreement.declined",
        "the Career Development Hub (internships@umass.edu)",
    )

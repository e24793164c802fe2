"""What a DSO is shown and a student warned of, never refused (A27, A30), and changes that cost the place (P4)."""

import re
from datetime import UTC, date, datetime

import pytest

from cpt.campus.policy import IN_FORCE, OfficePolicy
from cpt.contracts.intake import RequestCompleted
from tests.component.intake.conftest import an_agreement, later

COPIES = """
INSERT INTO request SELECT (jsonb_populate_record(r, jsonb_build_object('request_id', 'copy-' || n, 'reference', 'CPT-2026-9' || lpad(n::text, 5, '0'),
  'submitted_at', r.submitted_at - n * interval '1 minute'))).* FROM request r CROSS JOIN generate_series(1, 45) AS n WHERE r.request_id = $1
"""
COOP_PAPERS = ("offer_letter", "handshake_contract", "coop_permission_form", "coop_registration_email")


async def test_training_that_is_over_is_said_to_be_so_at_submission(intake):
    """A27."""
    request_id = await intake.submit(start_date="2026-06-01", end_date="2026-08-21", terms=["1265"])

    messages = {item.code: item.message for item in (await intake.request(request_id)).missing}

    assert "training that is over cannot be authorized" in messages["form.end_date"]


@pytest.mark.parametrize(("term_break", "told"), [("none", True), ("bridge", False)])
async def test_the_student_is_told_of_a_break_that_is_not_authorized(intake, term_break, told):
    """A9."""
    IN_FORCE.set(OfficePolicy(term_break=term_break))
    courses = [{"strm": strm, "subject": "COMPSCI", "catalog_nbr": "698"} for strm in ("1265", "1267")]

    request_id = await intake.submit(start_date="2026-08-10", terms=["1265", "1267"], courses=courses)

    assert ("gap" in {warning.code for warning in (await intake.view(request_id)).warnings}) is told


async def test_training_that_ended_while_something_was_missing_does_not_complete(intake):
    """A27: at completion, on the first day after."""
    request_id = await intake.with_papers()
    intake.now = datetime(2026, 12, 12, 15, tzinfo=UTC)

    await intake.hear(an_agreement())

    assert await intake.missing(request_id) == {"form.end_date"}


async def test_training_that_ends_in_line_keeps_its_place(intake):
    """A27: then the adviser's act is refused, with nothing to authorize."""
    request_id = await intake.complete()
    intake.now = datetime(2026, 12, 12, 15, tzinfo=UTC)

    await intake.hear(an_agreement(version=2))

    assert await intake.state(request_id) == "complete"


async def test_the_same_job_asked_for_twice_is_warned_of_and_flagged(intake):
    """Case 86, A30: however the employer is written."""
    first = await intake.complete()
    intake.now = later(hours=1)
    second = await intake.complete(employer="BAYSTATE ROBOTICS")

    reference = (await intake.request(first)).reference
    assert reference in _of("duplicate_request", (await intake.view(second)).warnings)
    assert _of("duplicate_request", (await intake.view(first)).warnings)
    completed = (await intake.published(RequestCompleted))[-1]
    assert reference in _of("duplicate_request", completed.flags)


async def test_other_dates_or_a_withdrawn_request_are_no_duplicate(intake):
    """A30."""
    await intake.submit(end_date="2026-12-04")

    assert _of("duplicate_request", (await intake.view(await intake.submit())).warnings) is None


async def test_a_coop_contract_that_is_longer_than_the_offer_is_flagged(intake):
    """A30, R59: its dates would be the authorization's."""
    request_id = await intake.submit(route="coop")
    for kind in COOP_PAPERS:
        await intake.upload(request_id, kind)
    await intake.hear(an_agreement(kind="coop", end_date=date(2026, 12, 18)))

    (completed,) = await intake.published(RequestCompleted)

    assert "December 18, 2026" in _of("contract_beyond_offer", completed.flags)


async def test_over_the_api_a_change_in_line_needs_the_word_that_it_costs_the_place(intake, web):
    """P4: 409, nothing changed; a change of nothing needs no word."""
    request_id = await intake.complete()
    path, change = f"/api/requests/{request_id}", {"job_title": "Robotics intern (night shift)"}
    async with web("student") as http:
        refused = await http.patch(path, json=change)
        same = await http.patch(path, json={"hours_per_week": 20})
        before = (await http.get(path)).json()["receipt_number"]
        done = await http.patch(path, json=change, params={"confirm": "new_place"})

    assert (refused.status_code, refused.json()["code"]) == (409, "confirm_new_place")
    assert (same.status_code, before) == (200, 1)
    assert (done.status_code, done.json()["receipt_number"]) == (200, None)


def _of(code, flags):
    return next((flag.message for flag in flags if flag.code == code), None)


async def test_staff_reach_every_request_the_newest_first_and_forty_to_a_page(intake, web):
    """R40: no list ends silently."""
    request_id = await intake.submit()
    async with intake.database.connection() as connection:
        await connection.execute(COPIES, request_id)
    async with web("director", "director-1") as director:
        pages = [(await director.get(address)).text for address in ("/", "/?page=2", "/?page=3")]

    listed = [re.findall(r'<th scope="row"><a href="/requests/([\w-]+)"', page) for page in pages]
    assert [len(one) for one in listed] == [40, 6, 0]
    assert listed[0][:2] == [request_id, "copy-1"]
    assert len({*listed[0], *listed[1]}) == 46
    assert ['rel="next"' in page for page in pages] == [True, False, False]
    assert "The list ends before this page." in pages[2]

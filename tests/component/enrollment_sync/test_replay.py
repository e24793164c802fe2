"""Stored evaluations answer for themselves: replayed from their inputs, an altered one is named (docs/architecture.md)."""

import json
from datetime import date

import pytest

from cpt.campus.policy import IN_FORCE, OfficePolicy
from cpt.contracts.values import CoopContract
from enrollment_sync.checks.replay_evaluations import replay_evaluations
from tests.component.enrollment_sync.told import a_row, changed, submitted
from tests.unit.enrollment.make import CALENDAR

SUMMER = dict(start_date=date(2026, 6, 1), end_date=date(2026, 8, 14))
SUMMER_AND_FALL = dict(start_date=date(2026, 8, 3), end_date=date(2026, 12, 11))


async def replay(sync, request_id=None):
    async with sync.database.connection() as connection:
        return [line async for line in replay_evaluations(connection, request_id)]


async def evaluated(sync):
    """Met, then not met after a drop: two evaluations of r1, one of r2 over two terms."""
    await sync.shows(a_row())
    await sync.hear(submitted(), submitted("r2", **SUMMER_AND_FALL))
    await sync.check()
    await sync.hear(changed())
    await sync.check()
    return await sync.rows("SELECT id, request_id, answer ->> 'outcome' AS outcome FROM evaluation ORDER BY id")


async def alter(sync, change, number):
    await sync.rows(f"UPDATE evaluation SET {change} WHERE id = $1", number)


async def test_every_stored_evaluation_replays_to_the_same_answer(sync):
    """R28, P4: rule version, calendar version and inputs are kept whole."""
    stored = await evaluated(sync)

    assert {row["outcome"] for row in stored} == {"met", "not_met"}
    assert await replay(sync) == [""] * len(stored)


@pytest.mark.parametrize("then", ["dso_decides", "exempt"])
async def test_an_evaluation_keeps_the_policy_it_was_made_under(sync, then):
    """A18, R28: set otherwise later, it still answers for itself."""
    IN_FORCE.set(OfficePolicy(summer_coop=then))
    await sync.shows(a_row(strm="1265"))
    contract = CoopContract(agreement_id="HS-1", **SUMMER)
    await sync.hear(submitted(route="coop", coop=contract, **SUMMER))
    await sync.check()
    (answer,) = await sync.answers()
    IN_FORCE.set(OfficePolicy())

    assert ("summer_only_coop" in {flag.code for flag in answer.flags}) is (then == "dso_decides")
    assert await replay(sync) == [""]


async def test_an_answer_that_was_altered_is_named_with_what_differs_and_nobodys_name(sync):
    """R28: the line names the evaluation; no student's number or course stands in it."""
    first = (await evaluated(sync))[0]
    await alter(sync, """answer = jsonb_set(answer, '{outcome}', '"cannot_determine"')""", first["id"])

    (line,) = filter(None, await replay(sync))
    assert line.startswith(f"evaluation {first['id']} of request {first['request_id']}: cannot_determine was stored")
    assert line.endswith("different: outcome")
    assert "30012345" not in line


async def test_inputs_that_were_altered_give_another_answer(sync):
    """R29: with the course turned into continuous enrollment the stored answer no longer follows."""
    met = next(row for row in await evaluated(sync) if row["outcome"] == "met")
    (kept,) = await sync.rows("SELECT inputs::text FROM evaluation WHERE id = $1", met["id"])
    inputs = json.loads(kept["inputs"]) if isinstance(kept["inputs"], str) else kept["inputs"]
    inputs["enrollments"]["rows"][0]["catalog_nbr"] = " 999"
    await sync.rows("UPDATE evaluation SET inputs = $2 WHERE id = $1", met["id"], inputs)

    (line,) = filter(None, await replay(sync))
    assert "met was stored, not_met is the answer now" in line


async def test_inputs_that_cannot_be_read_are_named_without_quoting_them(sync):
    """No personal data in what an operator sees."""
    first = (await evaluated(sync))[0]
    await alter(sync, """inputs = jsonb_set(inputs, '{student,acad_career}', '"30012345"')""", first["id"])

    (line,) = filter(None, await replay(sync))
    assert line.endswith("its inputs cannot be read (ValidationError)")


async def test_an_evaluation_is_replayed_with_the_calendar_of_its_time(sync):
    """Case 26: a later calendar, in which fall begins after the training, changes no answer of before."""
    stored = await evaluated(sync)
    form = CALENDAR.to_form() | {"version": 2}
    form["terms"][4] |= {"start": "2026-12-14", "sessions": []}
    await sync.rows("INSERT INTO calendar_version VALUES (2, $1, now(), 'tests')", form)

    assert not any(await replay(sync))
    await alter(sync, "calendar_version = 2", stored[0]["id"])
    await alter(sync, "calendar_version = 7", stored[1]["id"])
    lines = list(filter(None, await replay(sync)))
    assert len(lines) == 2
    assert lines[1].endswith("calendar 7 is not kept")


async def test_one_request_is_replayed_alone(sync):
    """R28."""
    stored = await evaluated(sync)
    await sync.rows(
        "UPDATE evaluation SET answer = jsonb_set(answer, '{outcome}', '\"pending\"') WHERE request_id = 'r1'"
    )

    assert not any(await replay(sync, "r2"))
    assert len(await replay(sync, "r1")) == len([row for row in stored if row["request_id"] == "r1"])
    assert all(await replay(sync, "r1"))

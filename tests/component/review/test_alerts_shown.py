"""Which alerts a person is shown is one rule of the database, for the board, its counts, the search and acts on several."""

import re

import pytest

from review.alerts.store import sql as alerts
from review.search.store import sql as search
from tests.component.review.acts import issued
from tests.component.review.test_alerts import confirmed

KINDS = {
    "mine": "UPDATE case_file SET holder = jsonb_set(holder, '{sub}', '\"adviser-1\"') WHERE request_id = 'r1'",
    "anothers": "SELECT 1",
    "entrusted": "INSERT INTO alert_delegate SELECT alert_id, 'adviser-1', 'x', now() FROM alert",
    "for a second person": "UPDATE alert SET proposed_outcome = 'swapped', proposed_by = 'adviser-2'",
    "of a case that nobody holds": "UPDATE case_file SET holder = NULL, assigned_at = NULL, assignment_id = NULL",
    "of the reader": "UPDATE alert SET loss = jsonb_set(loss, '{emplid}', '\"adviser-1\"')",
}
SHOWN = {"mine", "entrusted", "for a second person", "of a case that nobody holds"}
QUERIES = {name: getattr(of, name) for of in (alerts, search) for name in of}
ASKING = {name: text for name, text in QUERIES.items() if "alerts_shown_to" in text}


@pytest.mark.parametrize("kind", KINDS)
async def test_an_adviser_meets_the_same_alerts_wherever_there_are_any(review, web, kind):
    """R33, A31: theirs, those entrusted to them, those for a second person and those of nobody; none about themselves."""
    await issued(review)
    await confirmed(review)
    async with review.act() as connection:
        await connection.execute("UPDATE case_file SET holder = jsonb_set(holder, '{sub}', '\"adviser-2\"')")
        await connection.execute(KINDS[kind])
    alert_id = await review.value("SELECT alert_id FROM alert")
    async with web("adviser") as adviser:
        met = {
            "list": alert_id in (await adviser.get("/api/alerts")).text,
            "board": alert_id in (await adviser.get("/alerts")).text,
            "all": alert_id in (await adviser.get("/alerts?show=all")).text,
            "one": (await adviser.get(f"/api/alerts/{alert_id}")).status_code == 200,
            "search": alert_id in (await adviser.get("/api/search", params={"q": "30012345"})).text,
            "several": (
                await adviser.post("/alerts/bulk", data={"act": "acknowledge", "alert": [alert_id]})
            ).status_code
            == 303,
        }

    assert set(met.values()) == {kind in SHOWN}, met


@pytest.mark.parametrize("name", sorted(ASKING))
async def test_the_planner_puts_the_rule_in_place_of_the_call(review, name):
    """Or every index would be lost, and each alert of ten years be read."""
    count = max(map(int, re.findall(r"\$(\d+)", ASKING[name])))
    async with review.act() as connection:
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE planned AS {ASKING[name]}")
        rows = await connection.fetch(f"EXPLAIN EXECUTE planned({', '.join(['NULL'] * count)})")
        await connection.execute("DEALLOCATE planned")
    plan = "\n".join(line for (line,) in rows)

    assert "Function Scan on alerts_shown_to" not in plan


def test_no_query_has_a_copy_of_the_rule():
    copies = [
        name for name, text in QUERIES.items() if "alert_delegate" in text and "proposed_outcome IS NOT NULL" in text
    ]

    assert len(ASKING) == 7
    assert copies == []

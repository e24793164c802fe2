"""An office with 220 cases and 500 open alerts, as its director works in it: with the keyboard, a page at a time."""

import re

import pytest

from infra.demo.cast import KENJI
from infra.devstack.databases import connected
from tests.browser.visitors import barriers, shoot, sideways, text_of

CASES = """
INSERT INTO review.case_file
SELECT (jsonb_populate_record(c, jsonb_build_object('request_id', 'crowd-' || n, 'receipt_number', 1000 + n,
          'state', CASE WHEN n <= 3 THEN 'assigned' ELSE 'issued' END,
          'holder', jsonb_build_object('sub', CASE WHEN n <= 3 THEN 'c.rowd' ELSE 'adviser-' || n % 9 END, 'name', 'Adviser ' || n % 9, 'email', NULL),
          'completion', c.completion || jsonb_build_object('request_id', 'crowd-' || n, 'reference', 'CPT-2026-1' || lpad(n::text, 5, '0'),
            'facts', c.completion -> 'facts' || jsonb_build_object('emplid', '4' || lpad(n::text, 7, '0')),
            'recipient', jsonb_build_object('name', 'Crowd Student ' || n, 'email', NULL))))).*
  FROM review.case_file c CROSS JOIN generate_series(1, 220) AS n
 WHERE c.completion -> 'facts' ->> 'emplid' = $1 AND c.state = 'issued'
"""
SUMMARIES = """
INSERT INTO review.request_summary (request_id, reference, emplid, student_name, employer, receipt_number, status, at)
SELECT request_id, completion ->> 'reference', completion -> 'facts' ->> 'emplid', completion -> 'recipient' ->> 'name',
       completion -> 'form' ->> 'employer', receipt_number, 'complete', now() FROM review.case_file WHERE request_id LIKE 'crowd-%'
"""
ALERTS = """
INSERT INTO review.alert
SELECT (jsonb_populate_record(a, jsonb_build_object('alert_id', 'crowd-' || n, 'loss_id', 'crowd-' || n, 'state', 'confirmed',
          'severity', (ARRAY['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'])[1 + n % 4], 'acknowledged_at', NULL, 'acknowledged_by', NULL,
          'closed_at', NULL, 'closed_by', NULL, 'outcome', NULL, 'closed_reason', NULL, 'request_ids', ARRAY['crowd-' || 1 + n % 220],
          'loss', a.loss || jsonb_build_object('emplid', '4' || lpad(n::text, 7, '0'), 'student_name', 'Crowd Student ' || n)))).*
  FROM review.alert a CROSS JOIN generate_series(1, 500) AS n WHERE a.loss ->> 'emplid' = $1
"""
GONE = ("alert", "request_summary", "case_file")


@pytest.fixture
async def crowd(office, story):
    """Copies of Kenji's case and of the alert about him, for the length of the story."""
    async with connected(office.stack["postgres"]) as admin:
        await admin.execute(CASES, KENJI.emplid)
        await admin.execute(SUMMARIES)
        await admin.execute(ALERTS, KENJI.emplid)
        yield
        for table in GONE:
            column = "alert_id" if table == "alert" else "request_id"
            await admin.execute(f"DELETE FROM review.{table} WHERE {column} LIKE 'crowd-%'")


async def test_a_director_works_at_220_cases_and_500_alerts(crowd, visitors):
    """R33, R51: a page holds forty rows; filter, page, search, acknowledge and undo, next and previous go by the keyboard."""
    page = await visitors.page("review", "c.rowd", "adviser", "director")
    await page.goto(f"{visitors.stack['review']}/alerts")
    first, title = await page.locator("#board tbody tr").count(), await page.title()
    await shoot(page, "at-size-alerts")
    found = await barriers(page)
    await page.get_by_role("link", name=re.compile("^Critical 12")).click()
    await page.wait_for_url("**severity=CRITICAL**")
    await page.keyboard.press("Alt+j")
    await page.wait_for_url("**page=2**")
    await page.keyboard.press("Alt+p")
    await page.wait_for_url(lambda address: "page=2" not in address)
    await page.get_by_label("Choose all on this page").check()
    await page.get_by_role("button", name="Acknowledge the chosen").click()
    await page.wait_for_url("**said=acknowledged**")
    after = await page.title()
    await page.get_by_role("button", name="Undo").click()
    await page.wait_for_url("**said=undone**")
    undone = await page.title()

    assert (first, found) == (40, [])
    assert counted(title) - counted(after) == 40
    assert counted(undone) == counted(title)

    await page.goto(f"{visitors.stack['review']}/cases?state=issued")
    rows = await page.locator("tbody tr").count()
    await page.set_viewport_size({"width": 320, "height": 640})
    wider = await sideways(page)
    await page.set_viewport_size({"width": 1440, "height": 900})
    await page.keyboard.press("Alt+q")
    await page.keyboard.type("crowd student 77")
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name=re.compile("Crowd Student 77,")).first.wait_for()
    hits = await text_of(page)
    assert (rows, wider) == (40, 0)
    assert "40000077" in hits

    await page.goto(f"{visitors.stack['review']}/cases/crowd-1")
    await page.keyboard.press("Alt+j")
    await page.wait_for_url("**/cases/crowd-2")
    await page.keyboard.press("Alt+p")
    await page.wait_for_url("**/cases/crowd-1")
    await page.emulate_media(media="print", color_scheme="dark")
    await page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    await shoot(page, "at-size-print")
    assert await page.locator("main details:not([open])").count() == 0
    assert "by c.rowd" in await page.locator(".printed").inner_text()
    hidden = [await page.locator(place).first.is_visible() for place in ("header nav", "#bar", "#approve-form")]
    assert hidden == [False] * 3
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def counted(title):
    """How much is open, as the tab says it."""
    return int(re.match(r"\((\d+)\)", title)[1])

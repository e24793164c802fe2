"""Lists that stay lists at a hundred thousand rows: paged, filtered, counted, light, and followed for nothing."""

import gzip
import json
import os
import re
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from review.alerts.escalate_alerts import escalate_alerts
from review.search.store import sql
from tests.component.review.acts import issued
from tests.component.review.test_alerts import confirmed
from tests.component.review.test_pages import counted
from tests.factories import checked, completed

ROWS = 100_000
PAGE = Path(__file__).parents[3] / "docs" / "page-plans.md"
HEAD = """# What a list costs at {rows:,} rows

Written by `CPT_WRITE_PLANS=1 python -m pytest tests/component/review/test_lists.py`, with {rows:,} cases, requests, alerts,
tasks, decisions and I-20s, one in two hundred of them open. Statements of the page itself; the time that PostgreSQL needs
for them (on the machine that wrote this page); the blocks of 8 KiB that it reads, which is the same everywhere and which
the test holds below {most:,}.

| page | statements | ms | blocks |
| --- | --- | --- | --- |
{costs}

## The plan of the search

Whatever the words (`plan_cache_mode = force_generic_plan`).

```
{plan}
```
"""
MOST_BLOCKS = 15_000
"""Less than 50 ms of a processor, on whatever machine."""
LARGE = {"alert", "authorization_issued", "case_file", "decision", "number", "request_summary", "task"}
CASES = """
INSERT INTO case_file (request_id, state, round, receipt_number, completion, facts_version, holder, due_on)
SELECT 'copy-' || n, CASE WHEN n % 200 = 0 THEN 'waiting' ELSE 'issued' END, 1, n,
       jsonb_build_object('reference', 'CPT-2026-' || lpad(n::text, 6, '0'),
         'facts', jsonb_build_object('emplid', '4' || lpad(n::text, 7, '0')),
         'recipient', jsonb_build_object('name', 'Student ' || n || ' ' || chr(97 + n % 26) || 'son'),
         'form', jsonb_build_object('employer', 'Employer ' || n % 500, 'terms', '["1267"]'::jsonb)), 1,
       CASE WHEN n % 200 = 0 THEN NULL ELSE jsonb_build_object('sub', 'adviser-' || n % 9, 'name', 'Adviser ' || n % 9, 'email', NULL) END,
       date '2026-09-01' + n % 30
  FROM generate_series(10, $1) AS n
"""
NUMBERS = """
INSERT INTO number (receipt_number, request_id, round, state, hold_until, arrived_at)
SELECT receipt_number, request_id, 1, CASE WHEN state = 'waiting' THEN 'waiting' ELSE 'closed' END, $1::timestamptz, $1::timestamptz - receipt_number * interval '1 hour'
  FROM case_file WHERE request_id LIKE 'copy-%'
"""
SUMMARIES = """
INSERT INTO request_summary (request_id, reference, emplid, student_name, employer, receipt_number, status, at)
SELECT request_id, completion ->> 'reference', completion -> 'facts' ->> 'emplid', completion -> 'recipient' ->> 'name',
       completion -> 'form' ->> 'employer', receipt_number, 'complete', $1 FROM case_file WHERE request_id LIKE 'copy-%'
"""
ALERTS = """
INSERT INTO alert (alert_id, loss_id, kind, state, severity, loss, request_ids, effective_on, report_by, born_overdue,
                   settles_at, raised_at, confirmed_at, closed_at, outcome)
SELECT 'copy-' || n, 'copy-' || n, kind, CASE WHEN n % 200 = 0 THEN 'confirmed' ELSE 'closed' END,
       (ARRAY['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'])[1 + n % 4], jsonb_set(loss, '{emplid}', to_jsonb('4' || lpad(n::text, 7, '0'))),
       ARRAY['copy-' || n], effective_on, report_by, born_overdue, settles_at, raised_at - n * interval '1 minute', confirmed_at,
       CASE WHEN n % 200 = 0 THEN NULL ELSE raised_at END, CASE WHEN n % 200 = 0 THEN NULL ELSE 'swapped' END
  FROM alert CROSS JOIN generate_series(10, $1) AS n WHERE alert_id = $2
"""
TASKS = """
INSERT INTO task (request_id, code, detail, raised_at, due_on, done_at, done_by)
SELECT 'copy-' || n, 'student_other', 'Something changed', $2::timestamptz, date '2026-09-03', CASE WHEN n % 200 > 0 THEN $2::timestamptz - n * interval '1 hour' END,
       CASE WHEN n % 200 > 0 THEN 'adviser-1' END FROM generate_series(10, $1) AS n
"""
DECISIONS = """
INSERT INTO decision (request_id, at, actor, decision, inputs)
SELECT 'copy-' || n, $2::timestamptz - n * interval '1 hour', 'adviser-' || n % 9,
       CASE WHEN n % 7 = 0 THEN 'returned' WHEN n % 2 = 0 THEN 'approved' ELSE 'issued' END,
       CASE WHEN n % 7 = 0 THEN '{"said": {"reasons": [{"text": "A letter", "item": "letter.location"}]}}'::jsonb ELSE '{}' END
  FROM generate_series(10, $1) AS n
"""
ISSUED = """
INSERT INTO authorization_issued (request_id, version, issued, document_sha256)
SELECT 'copy-' || n, 1, a.issued || jsonb_build_object('segments', jsonb_build_array(jsonb_build_object('strm', '1267',
         'start_date', date '2026-09-14' - n / 40, 'end_date', date '2026-12-11' - n / 40))), 'x'
  FROM authorization_issued a CROSS JOIN generate_series(10, $1) AS n WHERE n % 200 > 0
"""
PAGES = (
    "/", "/overview", "/cases", "/cases?page=50", "/cases?state=waiting&sort=due", "/cases?holder=adviser-3&term=1267&due=late", "/alerts",
    "/alerts?severity=CRITICAL&sort=newest", "/alerts?show=all&page=50", "/alerts?show=closed&adviser=adviser-3", "/tasks",
    "/tasks?show=done&page=3", "/line", "/line?page=3", "/students/copy-77",
)  # fmt: skip
PAGES_OF_AN_ADVISER = ("/", "/alerts", "/alerts?show=closed")
MOST_STATEMENTS = {
    "/cases/r1": 45, "/alerts/{alert}": 10, "/students/r1": 12, "/figures": 10, "/sevis": 16, "/texts": 4, "/texts/mail.greeting": 4, "/search": 3,
}  # fmt: skip
NOT_THE_PAGE = ("BEGIN", "COMMIT", "SELECT pg_", "SELECT current_setting")
WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE)\b")
EXPLAINED = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON)"


@pytest.fixture
async def crowd(review):
    """A hundred thousand cases, requests, alerts, tasks and decisions, one in two hundred open; a statement for each kind."""
    await issued(review)
    await confirmed(review)
    alert_id = await review.value("SELECT alert_id FROM alert")
    async with review.act() as connection:
        await connection.execute(CASES, ROWS)
        await connection.execute(NUMBERS, review.now)
        await connection.execute(SUMMARIES, review.now)
        await connection.execute(ALERTS, ROWS, alert_id)
        await connection.execute(TASKS, ROWS, review.now)
        await connection.execute(DECISIONS, ROWS, review.now)
        await connection.execute(ISSUED, ROWS)
    async with review.database.connection() as connection:
        await connection.execute("VACUUM ANALYZE")


async def test_no_page_grows_with_the_office(review, web, crowd):
    """R51: at 10^5 rows each page has at most 40 of them, 12 statements and 60 KiB compressed, and reads no table whole."""
    heavy, costs = {}, []
    async with web("director", "adviser-1") as director, web("adviser", "adviser-3") as adviser:
        for who, path in [*((director, path) for path in PAGES), *((adviser, path) for path in PAGES_OF_AN_ADVISER)]:
            with recorded() as sent:
                answer = await who.get(path, headers={"Accept-Encoding": "gzip"})
            asked = [one for one in sent if not one[0].startswith(NOT_THE_PAGE)]
            rows = answer.text.count('<th scope="row"')
            weight = len(gzip.compress(answer.content))
            compressed = answer.headers.get("content-encoding") == "gzip"
            blocks, time, whole = await spent(review, asked)
            costs.append(
                f"| `{path}`{' of an adviser' if who is adviser else ''} | {len(asked)} | {time:.0f} | {blocks:,} |"
            )
            light = rows <= 61 and len(asked) <= 12 and weight <= 60 * 1024 and blocks <= MOST_BLOCKS
            if (answer.status_code, compressed, whole) != (200, True, set()) or not light:
                heavy[path] = (answer.status_code, compressed, rows, len(asked), weight, blocks, whole)
        found = (await director.get("/api/search", params={"q": "40000077"})).json()
        begun = (await director.get("/api/search", params={"q": "student 77"})).json()
    plan = await planned(review, "find_requests", "'student 77', NULL, NULL, 'x', 20")
    if "CPT_WRITE_PLANS" in os.environ:
        PAGE.write_text(HEAD.format(rows=ROWS, most=MOST_BLOCKS, costs="\n".join(costs), plan=plan), "utf-8")

    assert heavy == {}
    assert (len(begun), {hit["request_id"] for hit in found}) == (20, {"copy-77"})
    assert "request_summary_words" in plan
    assert "Seq Scan on request_summary" not in plan


async def test_no_page_about_one_thing_asks_for_its_parts_one_by_one(review, web):
    """A page about one thing may ask more than a list does; it asks the same number however much there is to show."""
    await issued(review)
    await confirmed(review)
    alert_id = await review.value("SELECT alert_id FROM alert")
    counted = {}
    async with web("director", "adviser-1") as director:
        for path, most in MOST_STATEMENTS.items():
            with recorded() as sent:
                answer = await director.get(path.format(alert=alert_id))
            counted[path] = (
                answer.status_code,
                len([one for one in sent if not one[0].startswith(NOT_THE_PAGE)]),
                most,
            )

    assert [one for one in counted.items() if one[1][0] != 200 or one[1][1] > one[1][2]] == []


@contextmanager
def recorded():
    """The statements that are sent meanwhile, each with its values."""
    sent, execute = [], asyncpg.Connection._execute

    async def recording(self, query, values, *rest, **options):
        sent.append((query, values))
        return await execute(self, query, values, *rest, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncpg.Connection, "_execute", recording)
        yield sent


async def spent(review, asked):
    """Blocks and milliseconds of the database for what is read, and the large tables that it reads whole; what is written is
    a row or two.
    """
    blocks, milliseconds, whole = 0, 0.0, set()
    async with review.database.connection() as connection:
        for query, values in asked:
            if not WRITES.search(query):
                (found,) = json.loads(await connection.fetchval(f"{EXPLAINED} {query}", *values))
                blocks += found["Plan"]["Shared Hit Blocks"] + found["Plan"]["Shared Read Blocks"]
                milliseconds += found["Execution Time"]
                assert "JIT" not in found, "compiling takes longer than all the rest"
                whole |= {
                    node["Relation Name"] for node in nodes(found["Plan"]) if node["Node Type"] == "Seq Scan"
                } & LARGE
    return blocks, milliseconds, whole


def nodes(plan):
    """A plan's node and all below it, those aside that were never executed."""
    if plan["Actual Loops"]:
        yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


async def planned(review, name, values):
    """The plan of a statement of the search, whatever the values."""
    async with review.act() as connection:
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE planned AS {getattr(sql, name)}")
        rows = await connection.fetch(f"EXPLAIN (COSTS off) EXECUTE planned({values})")
        await connection.execute("DEALLOCATE planned")
    return "\n".join(line for (line,) in rows)


async def test_a_page_that_shows_everything_already_is_told_nothing(review, web):
    """What follows itself gets its live regions alone, and 304 where they are as before."""
    await issued(review)
    async with web("director", "adviser-1") as director:
        whole = await director.get("/alerts")
        first = await director.get("/alerts", headers={"X-Cpt-Live": "1"})
        again = await director.get("/alerts", headers={"X-Cpt-Live": "1", "If-None-Match": first.headers["etag"]})
        await confirmed(review)
        after = await director.get("/alerts", headers={"X-Cpt-Live": "1", "If-None-Match": first.headers["etag"]})

    assert "<html" in whole.text
    assert "<html" not in first.text
    assert re.findall(r'^<div id="(\w+)"', first.text, re.MULTILINE) == ["watch", "filters", "board"]
    assert (again.status_code, again.content) == (304, b"")
    assert (after.status_code, after.headers["etag"] != first.headers["etag"]) == (200, True)


@pytest.mark.parametrize(
    "path", ["/cases?state={}", "/alerts?show={}", "/alerts?at={}", "/tasks?show={}", "/alerts?term={}"]
)
async def test_no_page_repeats_what_an_address_says(review, web, path):
    """A page is compressed; what a stranger could put beside a secret must not be in it (BREACH)."""
    async with web("director") as director:
        answer = await director.get(path.format("marker-7f3a"))

    assert answer.status_code == 422
    assert "marker-7f3a" not in answer.text


async def test_several_alerts_are_acknowledged_at_once_and_it_can_be_undone(review, web):
    """R33: named person and time on each; undone, nobody has seen them, and both stay in the record."""
    await issued(review)
    await confirmed(review)
    await confirmed(review, loss_id="loss-2")
    ids = await review.value("SELECT array_agg(alert_id ORDER BY alert_id) FROM alert")
    async with web("compliance") as compliance:
        done = await compliance.post("/alerts/bulk", data={"act": "acknowledge", "alert": ids})
        board = (await compliance.get(done.headers["location"])).text
        states = await review.value("SELECT array_agg(state) FROM alert")
        at = re.search(r'name="at" value="([^"]+)"', board)[1]
        undone = await compliance.post("/alerts/bulk", data={"act": "undo_acknowledge", "at": at})
        twice = await compliance.post("/alerts/bulk", data={"act": "undo_acknowledge", "at": at})

    assert states == ["acknowledged", "acknowledged"]
    assert undone.headers["location"].startswith("/alerts?said=undone")
    assert twice.status_code == 409
    assert await review.value("SELECT array_agg(state) FROM alert") == ["confirmed", "confirmed"]
    assert (
        await review.value(
            "SELECT count(*) FROM audit WHERE action IN ('alert_acknowledged', 'alert_acknowledgment_undone')"
        )
        == 4
    )


async def test_several_alerts_are_given_to_a_backup_at_once_and_never_one_about_themselves(review, web):
    """R33, A31: an adviser hands on nothing; who takes over sees them until it is undone."""
    await issued(review)
    await confirmed(review)
    (alert_id,) = [await review.value("SELECT alert_id FROM alert")]
    chosen = {"act": "assign", "alert": [alert_id]}
    async with web("compliance") as compliance, web("adviser", "adviser-1") as adviser:
        own = await compliance.post("/alerts/bulk", data=chosen | {"to": "30012345"})
        refused = await adviser.post("/alerts/bulk", data=chosen | {"to": "adviser-2"})
        nobody = await compliance.post("/alerts/bulk", data=chosen)
        given = await compliance.post("/alerts/bulk", data=chosen | {"to": "adviser-2"})
        board = (await compliance.get(given.headers["location"])).text
        holders = await review.value("SELECT array_agg(adviser) FROM alert_delegate")
        at = re.search(r'name="at" value="([^"]+)"', board)[1]
        await compliance.post("/alerts/bulk", data={"act": "undo_assign", "at": at})

    assert (own.status_code, refused.status_code, nobody.status_code) == (409, 403, 422)
    assert holders == ["adviser-2"]
    assert await review.value("SELECT count(*) FROM alert_delegate") == 0


async def test_another_advisers_alert_is_not_acknowledged_in_bulk(review, web):
    await issued(review)
    await confirmed(review)
    alert_id = await review.value("SELECT alert_id FROM alert")
    async with web("adviser", "adviser-2") as other:
        answer = await other.post("/alerts/bulk", data={"act": "acknowledge", "alert": [alert_id]})

    assert (answer.status_code, await review.value("SELECT state FROM alert")) == (409, "confirmed")


async def test_an_escalation_round_costs_what_is_new(review):
    """R33: an open alert that has taken its rungs is not read again; the next one is taken on its day."""
    await issued(review)
    await confirmed(review)
    later = review.now + timedelta(days=8)
    first = await escalate_alerts(review.database, later)
    with counted() as sent:
        again = await escalate_alerts(review.database, later)
    next_day = await escalate_alerts(review.database, review.now + timedelta(days=15))

    assert (first, again, next_day) == (3, 0, 1)
    assert not any("INSERT" in text for text in sent)


async def test_a_case_page_that_follows_itself_writes_no_reading(review, web):
    """FERPA 99.32: a person looks, the page's own renewal does not."""
    await review.hear(checked("r1"), completed("r1", 1))
    async with web("adviser") as adviser:
        for headers in ({}, {"X-Cpt-Live": "1"}, {"X-Cpt-Live": "1"}):
            await adviser.get("/cases/r1", headers=headers)

    assert (
        await review.value("SELECT count(*) FROM audit WHERE action = 'case_read'") == 2
    )  # the case and its data sheet

"""Every page: no barrier that axe can find, nothing inline, nothing wider than the screen, in both color schemes."""

import gzip
import re
from dataclasses import replace

import pytest

from cpt.campus.signed_codes import code_of
from infra.demo.cast import ANA, KENJI
from infra.demo.office import eventually
from infra.demo.story import AGREEMENT, event
from infra.devstack.databases import connected
from infra.letters import offer_letter
from tests.authorization import pages as pages_of
from tests.browser.conftest import KEY
from tests.browser.visitors import barriers, shoot, sideways
from tests.security.services import SERVICES, build_web

NOOR = replace(ANA, emplid="30040001", name="Noor Rahman", employer="Quabbin Data LLC", end="2027-04-30")
LENA = replace(ANA, emplid="30040002", name="Lena Vogel", employer="Hampshire Biotech Inc.", end="2026-12-18")
EVERY_PART = "&".join(f"part.{part}=yes" for part in ("dates", "work", "place", "employer", "pay"))
PAGES = {
    "start": ("intake", NOOR.emplid, ["student"], "/"),
    "tasks": ("intake", NOOR.emplid, ["student"], "/requests/new"),
    **{
        f"step-{slug}": ("intake", NOOR.emplid, ["student"], f"/requests/new/{slug}")
        for slug in ("employer", "work", "dates", "pay", "place", "route", "courses", "check")
    },
    "request-incomplete": ("intake", NOOR.emplid, ["student"], "/requests/{noor}"),
    "request-correct": ("intake", NOOR.emplid, ["student"], "/requests/{noor}/form/pay"),
    "request-in-line": ("intake", LENA.emplid, ["student"], "/requests/{lena}"),
    "request-issued": ("intake", ANA.emplid, ["student"], "/requests/{ana}"),
    "request-change": ("intake", ANA.emplid, ["student"], "/requests/{ana}/change"),
    "request-change-answers": ("intake", ANA.emplid, ["student"], f"/requests/{{ana}}/change?{EVERY_PART}"),
    "consultation": ("intake", None, [], "/consultation"),
    "consultation-question": ("intake", None, [], "/consultation#{code}"),
    "request-unknown": ("intake", NOOR.emplid, ["student"], "/requests/none"),
    "desk": ("review", "a.moreau", ["adviser"], "/"),
    "desk-director": ("review", "d.whitaker", ["adviser", "director"], "/"),
    "cases": ("review", "a.moreau", ["adviser"], "/cases"),
    "case": ("review", "a.moreau", ["adviser"], "/cases/{lena}"),
    "case-issued": ("review", "d.whitaker", ["adviser", "director"], "/cases/{ana}"),
    "line": ("review", "a.moreau", ["adviser"], "/line"),
    "work-list": ("review", "e.castellano", ["compliance"], "/tasks"),
    "alerts": ("review", "e.castellano", ["compliance"], "/alerts?show=all"),
    "alert": ("review", "e.castellano", ["compliance"], "/alerts/{alert}"),
    "report": ("review", "d.whitaker", ["adviser", "director"], "/report"),
    "overview": ("review", "d.whitaker", ["adviser", "director"], "/overview"),
    "search": ("review", "d.whitaker", ["adviser", "director"], "/search"),
    "search-found": ("review", "d.whitaker", ["adviser", "director"], "/overview"),
    "student": ("review", "d.whitaker", ["adviser", "director"], "/students/{ana}"),
    "texts": ("review", "d.whitaker", ["adviser", "director"], "/texts"),
    "text": ("review", "d.whitaker", ["adviser", "director"], "/texts/mail.greeting"),
    "sevis": ("review", "a.moreau", ["adviser"], "/sevis"),
    "sevis-batch": ("review", "a.moreau", ["adviser"], "/sevis/batches/{batch}"),
    "work-list-done": ("review", "e.castellano", ["compliance"], "/tasks?show=done"),
    "figures": ("review", "e.castellano", ["compliance"], "/figures"),
    "forbidden": ("review", "e.castellano", ["compliance"], "/cases"),
    "messages": ("review", "g.boateng", ["operations"], "/operations"),
    "messages-of-intake": ("intake", "g.boateng", ["operations"], "/operations"),
    "messages-of-notifier": ("notifier", "g.boateng", ["operations"], "/operations"),
    "messages-of-the-watch": ("enrollment_sync", "g.boateng", ["operations"], "/operations"),
    "requests-of-all": ("intake", "d.whitaker", ["adviser", "director"], "/"),
    "start-empty": ("intake", "30040099", ["student"], "/"),
    "sessions": ("intake", NOOR.emplid, ["student"], "/sessions"),
    "signed-out": ("intake", NOOR.emplid, ["student"], "/signed-out"),
    "mails": ("notifier", "d.whitaker", ["director"], "/mails"),
    "mail": ("notifier", "d.whitaker", ["director"], "/mails/approved"),
    "notices": ("notifier", "g.boateng", ["operations"], "/"),
    "watch": ("enrollment_sync", "g.boateng", ["operations"], "/"),
}


async def consult(page):
    """The code came out of the link's fragment."""
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_text("Did the student talk to you about it?").wait_for()


async def search(page):
    await page.get_by_role("searchbox").fill(KENJI.name)
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name=f"{KENJI.name},").first.wait_for()


ACTS = {"consultation-question": consult, "search-found": search}
"""What leads to a page that has no address of its own."""
MOST_BYTES = 60 * 1024
"""Of a page, compressed."""
NO_PAGES = {"/operations/parked/{parked_id}", "/signin", "/signin/callback", "/static/{digest}/{name}"}
"""The first is looked at in test_operations, which makes a message that nobody can read; the others show nothing."""
SHARED = {"/sessions", "/signed-out"}
"""The same in every service."""
BATCH = """
WITH batch AS (
  INSERT INTO review.sevis_batch (batch_id, org_id, schema_version, state, content, sha256, drawn_up_by, drawn_up_at)
  VALUES ('BAT00000000001', 'BOS214F00123000', '6.55', 'drawn_up', '', '', 'a.moreau', now()) RETURNING batch_id)
INSERT INTO review.sevis_record (record_id, batch_id, place, request_id, kind, state, emplid, sevis_id, user_id, strm, start_date, end_date,
                                 full_part, employer, course_relevance, remarks)
SELECT 'RECORD-1', batch_id, 1, $1, 'add', 'in_batch', $2, 'N0012345678', 'ABC1234567', '1267', '2026-09-14', '2026-12-11',
       '01', 'Baystate Robotics', 'Robotics', '' FROM batch
"""
"""SEVIS's own schema, without which no batch is drawn up, is not ours to ship."""
QUESTION = """
INSERT INTO intake.consultation (consultation_id, request_id, name, email, consulted_on, state, asked_at, expires_at)
SELECT gen_random_uuid(), $1, 'Prof. Gray', 'gray@umass.edu', '2026-08-20', 'asked', now(), date_trunc('second', now()) + interval '14 days'
RETURNING consultation_id, expires_at
"""
FILE = re.compile(r"\.\w+$|/(file|i20|documents/{index}|papers/{number})$")


@pytest.fixture(scope="module")
async def ids(office, story):
    """A request with a letter that lacks something, one that an adviser has, and what the story left."""
    noor, lena = await begun(office, NOOR), await begun(office, LENA)
    await office.upload(NOOR.emplid, noor, "offer_letter", bytes(offer_letter(NOOR.form() | {"hours_per_week": 12})))
    for kind in ("offer_letter", "handshake_contract", "enrollment_proof"):
        await office.upload(LENA.emplid, lena, kind, LENA.letter())

    async def taken():
        case = await office.next_case("a.moreau")
        return case and case["request_id"] == lena

    await eventually("Lena's case", taken)
    async with connected(office.stack["postgres"]) as admin:
        await admin.execute(BATCH, story.requests[ANA.emplid], ANA.emplid)
        question, ends = await admin.fetchrow(QUESTION, lena)
    alert = next(one["alert_id"] for one in await office.alerts() if one["student"]["emplid"] == KENJI.emplid)
    code = code_of(KEY, str(question), ends)
    known = {"noor": noor, "lena": lena, "ana": story.requests[ANA.emplid], "alert": alert, "batch": "BAT00000000001"}
    yield known | {"code": code}
    async with connected(office.stack["postgres"]) as admin:
        await admin.execute(
            "DELETE FROM review.sevis_record; DELETE FROM review.sevis_batch; DELETE FROM intake.consultation"
        )


async def begun(office, student):
    await office.campus("PUT", f"/demo/students/{student.emplid}", json=student.profile())
    await office.campus("PUT", f"/demo/students/{student.emplid}/enrollments", json=[student.row()])
    approved = event(AGREEMENT, "/handshake/experiences", student.agreement("approved", 1))
    await office.campus("POST", "/demo/events", json=[approved])
    return (await office.send_request(student.emplid, student.form()))["request_id"]


@pytest.fixture(scope="module")
async def people(visitors):
    """One context for each person, kept for all pages."""
    known = {}

    async def of(service, sub, roles):
        key = (service, sub)
        if key not in known:
            known[key] = await visitors.page(service, sub, *roles) if sub else await visitors.nobody()
        return known[key]

    return of


@pytest.mark.parametrize("name", PAGES)
async def test_every_page_is_accessible_and_fits_the_screen(ids, people, visitors, name):
    """WCAG 2.2 AA as far as a machine can tell, in both color schemes; nothing scrolls sideways at 320 px (1.4.10)."""
    service, sub, roles, path = PAGES[name]
    page = await people(service, sub, roles)
    await page.set_viewport_size({"width": 320, "height": 640})
    answer = await page.goto(f"{visitors.stack[service]}{path.format(**ids)}")
    weight = len(gzip.compress(await answer.body())) if answer else 0
    wider = await sideways(page)
    found = []
    if name in ACTS:
        await ACTS[name](page)
        await page.wait_for_load_state()
        wider = max(wider, await sideways(page))
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await page.set_viewport_size({"width": 390, "height": 844})
        await shoot(page, f"{name}-{scheme}-phone")
        await page.set_viewport_size({"width": 1440, "height": 900})
        found += await barriers(page)
        await shoot(page, f"{name}-{scheme}")

    assert found == []
    assert (wider, page.faults) == (0, [])
    assert weight <= MOST_BYTES


@pytest.mark.parametrize("service", SERVICES)
def test_no_page_is_left_out(service):
    """Whoever adds a page has it looked at, or says why not; what a browser keeps or draws is none."""
    looked_at = [re.split("[?#]", path)[0] for at, _, _, path in PAGES.values() if at == service] + list(SHARED)
    calls = pages_of(build_web(service), without_roles=())
    served = {call.partition(" ")[2] for call in calls if call.startswith("GET ")} - NO_PAGES
    patterns = {path: re.sub(r"{\w+}", "[^/]+", path) for path in served if not FILE.search(path)}

    assert [
        path for path, pattern in patterns.items() if not any(re.fullmatch(pattern, one) for one in looked_at)
    ] == []

"""Every page: no barrier that axe can find, nothing inline, nothing wider than the screen, in both color schemes."""

from dataclasses import replace

import pytest

from infra.demo.cast import ANA, KENJI
from infra.demo.office import eventually
from infra.demo.story import AGREEMENT, event
from infra.letters import offer_letter
from tests.browser.visitors import barriers, shoot

NOOR = replace(ANA, emplid="30040001", name="Noor Rahman", employer="Quabbin Data LLC", end="2027-04-30")
LENA = replace(ANA, emplid="30040002", name="Lena Vogel", employer="Hampshire Biotech Inc.", end="2026-12-18")
PAGES = {
    "start": ("intake", NOOR.emplid, ["student"], "/"),
    "tasks": ("intake", NOOR.emplid, ["student"], "/requests/new"),
    **{
        f"step-{slug}": ("intake", NOOR.emplid, ["student"], f"/requests/new/{slug}")
        for slug in ("employer", "work", "dates", "pay", "place", "route", "check")
    },
    "request-incomplete": ("intake", NOOR.emplid, ["student"], "/requests/{noor}"),
    "request-correct": ("intake", NOOR.emplid, ["student"], "/requests/{noor}/form/pay"),
    "request-in-line": ("intake", LENA.emplid, ["student"], "/requests/{lena}"),
    "request-issued": ("intake", ANA.emplid, ["student"], "/requests/{ana}"),
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
    "figures": ("review", "e.castellano", ["compliance"], "/figures"),
    "forbidden": ("review", "e.castellano", ["compliance"], "/cases"),
    "messages": ("review", "g.boateng", ["operations"], "/operations"),
    "messages-of-intake": ("intake", "g.boateng", ["operations"], "/operations"),
    "messages-of-notifier": ("notifier", "g.boateng", ["operations"], "/operations"),
    "messages-of-the-watch": ("enrollment_sync", "g.boateng", ["operations"], "/operations"),
    "requests-of-all": ("intake", "d.whitaker", ["adviser", "director"], "/"),
    "start-empty": ("intake", "30040099", ["student"], "/"),
    "sessions": ("intake", NOOR.emplid, ["student"], "/sessions"),
    "notices": ("notifier", "g.boateng", ["operations"], "/"),
    "watch": ("enrollment_sync", "g.boateng", ["operations"], "/"),
}


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
    alert = next(one["alert_id"] for one in await office.alerts() if one["student"]["emplid"] == KENJI.emplid)
    return {"noor": noor, "lena": lena, "ana": story.requests[ANA.emplid], "alert": alert}


async def begun(office, student):
    await office.campus("PUT", f"/demo/students/{student.emplid}", json=student.profile())
    await office.campus("PUT", f"/demo/students/{student.emplid}/enrollments", json=[student.row()])
    approved = event(AGREEMENT, "/handshake/experiences", student.agreement("approved", 1))
    await office.campus("POST", "/demo/events", json=[approved])
    return (await office.send_request(student.emplid, student.form()))["request_id"]


@pytest.fixture(scope="module")
async def people(visitors):
    """One context for each person and scheme, kept for all pages."""
    known = {}

    async def of(service, sub, roles, *, dark):
        key = (service, sub, dark)
        if key not in known:
            known[key] = await visitors.page(service, sub, *roles, dark=dark)
        return known[key]

    return of


@pytest.mark.parametrize("name", PAGES)
async def test_every_page_is_accessible_and_fits_the_screen(ids, people, name):
    """WCAG 2.2 AA as far as a machine can tell; no page scrolls sideways on a phone; the CSP is never hurt."""
    service, sub, roles, path = PAGES[name]
    dark = list(PAGES).index(name) % 2 == 1
    page = await people(service, sub, roles, dark=dark)
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(f"{page.url.split('/', 3)[0]}//{page.url.split('/')[2]}{path.format(**ids)}")
    narrow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    await shoot(page, f"{name}-phone")
    await page.set_viewport_size({"width": 1280, "height": 900})
    found = await barriers(page)
    await shoot(page, name)

    assert found == []
    assert (narrow, page.faults) == (0, [])

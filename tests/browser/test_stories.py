"""The stories beside the main path: the keyboard alone, an absent adviser, a student's report, an alert's whole life."""

from dataclasses import replace
from hashlib import sha256

from infra.demo.cast import ANA, KENJI, SOFIA
from infra.demo.office import eventually
from tests.browser.test_every_page import begun
from tests.browser.visitors import press, shoot, text_of, type_into

HANA = replace(ANA, emplid="30060001", name="Hana Mori", employer="Sugarloaf Systems")
PAPERS = ("offer_letter", "handshake_contract", "enrollment_proof")


async def test_an_adviser_takes_and_approves_a_case_with_the_keyboard_alone(office, story, visitors):
    """WCAG 2.1.1: Alt N takes the next case, Space accepts each flag, Alt A approves."""
    request_id = await begun(office, HANA)
    for kind in PAPERS:
        await office.upload(HANA.emplid, request_id, kind, HANA.letter())
    page = await visitors.page("review", "k.board", "adviser")
    await eventually("Hana's case, or one before it", lambda: _takes(page))
    await eventually("the answer of SPIRE", lambda: _says(page, "approval is open"))
    await page.set_viewport_size({"width": 1440, "height": 900})
    seen = [await _in_view(page, place) for place in ("#viewer", ".viewer-pages img", "#bar", "h1")]
    width = (await page.locator(".paper").first.bounding_box())["width"]
    await page.get_by_text("200 %").click()
    zoomed = (await page.locator(".paper").first.bounding_box())["width"]
    await shoot(page, "adviser-decides")
    assert seen == [True] * 4
    assert zoomed > 1.9 * width
    for box in await page.locator("[name='flag']").all():
        await box.focus()
        await page.keyboard.press("Space")
    await page.keyboard.press("Alt+a")
    await page.wait_for_url("**said=approved**")

    assert "Approved. We are checking SPIRE once more" in await text_of(page)


async def test_the_fingerprint_of_an_i20_is_taken_in_the_browser(office, story, visitors):
    """Interfaces, exact answers: the I-20 is named by hash and not sent."""
    student = replace(HANA, emplid="30060003", name="Nils Berg", employer="Mount Orient Labs")
    request_id = await begun(office, student)
    for kind in PAPERS:
        await office.upload(student.emplid, request_id, kind, student.letter())
    page = await visitors.page("review", "m.hashed", "adviser")
    await eventually("the case", lambda: _holds(office, "m.hashed", request_id))
    await office.approve("m.hashed", request_id)
    await page.goto(f"{visitors.stack['review']}/cases/{request_id}")
    await page.get_by_role("button", name="Ask SPIRE now").click()
    picked = page.get_by_label("The I-20 as a file")
    await picked.wait_for()
    await picked.set_input_files({"name": "i20 Berg.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 I-20"})
    await page.wait_for_function("document.getElementById('sha256').value.length === 64")
    await shoot(page, "adviser-record-i20")

    assert await page.locator("#sha256").input_value() == sha256(b"%PDF-1.7 I-20").hexdigest()
    assert await page.locator("#name").input_value() == "i20 Berg.pdf"


async def test_a_director_moves_all_cases_of_an_absent_adviser_at_once(office, story, visitors):
    """Case 39: numbers and order stay."""
    absent = replace(HANA, emplid="30060002", name="Iris Novak", employer="Toby Mountain Labs")
    request_id = await begun(office, absent)
    for kind in PAPERS:
        await office.upload(absent.emplid, request_id, kind, absent.letter())

    await eventually("the case at the absent adviser", lambda: _holds(office, "gone.today", request_id))
    page = await visitors.page("review", "d.whitaker", "adviser", "director")
    await page.get_by_label("Who is absent").select_option("gone.today")
    await page.get_by_label("Who takes over").select_option("d.whitaker")
    await page.get_by_role("button", name="Move all their cases").click()
    await page.wait_for_url("**said=moved")

    assert absent.name in await text_of(page)


async def test_a_student_on_a_phone_tells_that_the_job_will_not_start(office, story, visitors):
    """R32: it stands on the student's page, and on the adviser's as a thing to look at."""
    path = f"requests/{story.requests[SOFIA.emplid]}"
    page = await visitors.page("intake", SOFIA.emplid, "student", phone=True)
    await page.goto(f"{visitors.stack['intake']}/{path}")
    await page.get_by_text("Tell us that something has changed").click()
    await page.get_by_label("I will not start this job").check()
    await page.get_by_label("In your words").fill("The offer was taken back.")
    await page.get_by_role("button", name="Tell the office").click()
    await page.wait_for_url("**said=reported")
    await shoot(page, "student-reported-phone")
    staff = await visitors.page("review", "d.whitaker", "adviser", "director")
    await staff.goto(f"{visitors.stack['review']}/cases/{story.requests[SOFIA.emplid]}")
    await eventually("the report at review", lambda: _says(staff, "the work will not start"))

    assert "You told us that you will not start: The offer was taken back." in await text_of(page)


async def test_an_alert_is_acknowledged_closed_and_opened_again(story, visitors):
    """R33: acknowledged is not resolved; only an outcome stops the clock, and compliance may re-open. All of it with the
    keyboard alone (WCAG 2.1.1).
    """
    page = await visitors.page("review", "e.castellano", "compliance", "director")
    await page.goto(f"{visitors.stack['review']}/alerts?show=all")
    await press(page, page.get_by_role("link", name=KENJI.name).first)
    await page.wait_for_url("**/alerts/*-*")
    await press(page, page.get_by_role("button", name="Acknowledge"))
    await page.wait_for_url("**said=seen")
    acknowledged = await text_of(page)
    await type_into(page, page.get_by_label("Outcome"), "Swapped")
    await type_into(page, page.get_by_label("Comment"), "COMPSCI 696 covers it.")
    await press(page, page.get_by_role("button", name="Close the alert"))
    await page.wait_for_url("**said=recorded")
    closed = await text_of(page)
    await type_into(page, page.get_by_label("Why it is opened again"), "The other course was dropped too.")
    await press(page, page.get_by_role("button", name="Open it again"))
    await page.wait_for_url("**said=reopened")

    assert "clock keeps running" in acknowledged
    assert "Swapped, still qualifying" in closed
    assert "The alert is open again." in await text_of(page)


async def test_operations_see_what_waits_and_compare_with_spire(story, visitors):
    """Lag is what the workers last reported; a comparison is asked for by a button and shows its run."""
    page = await visitors.page("review", "g.boateng", "operations")
    await page.goto(f"{visitors.stack['review']}/operations")
    await eventually("the workers' report", lambda: _says(page, "the workers keep up"))
    watch = await visitors.page("enrollment_sync", "g.boateng", "operations")
    await watch.get_by_role("button", name="Compare now").click()
    await watch.wait_for_url("**said=asked")

    assert "Comparison requested." in await text_of(watch)


async def _holds(office, adviser, request_id):
    """Takes one case after the other until it is this one."""
    case = await office.next_case(adviser)
    return case and case["request_id"] == request_id


async def _takes(page):
    await page.goto("/".join(page.url.split("/")[:3]))
    async with page.expect_navigation():
        await page.keyboard.press("Alt+n")
    return "/cases/" in page.url


async def _says(page, text):
    await page.reload()
    return text in await text_of(page)


async def _in_view(page, place):
    """Whether it begins on the screen, without scrolling."""
    box = await page.locator(place).first.bounding_box()
    size = page.viewport_size
    return 0 <= box["y"] < size["height"] and 0 <= box["x"] < size["width"]

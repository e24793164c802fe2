"""A person clicks the main path in a real browser: the student's form, the adviser's case, the board."""

from dataclasses import replace
from datetime import date

from infra.demo.cast import ANA as SOMEBODY
from infra.demo.office import eventually
from infra.demo.story import AGREEMENT, event
from tests.browser.visitors import press, shoot, type_into

ANA = replace(SOMEBODY, emplid="30050001", name="Ines Duarte", employer="Amherst Orchard Software")


async def fill_the_form(page):
    """Seven short steps, then the answers to check (P4 needs every one of them); with the keyboard alone (WCAG 2.1.1)."""
    form = ANA.form()
    await press(page, page.get_by_role("link", name="Start a new request"))
    await page.wait_for_url("**/requests/new")
    await press(page, page.get_by_role("link", name="Begin"))
    await page.wait_for_url("**/requests/new/employer")
    address = {part: form["employer_address"][part] for part in ("street", "city", "region", "postal_code")}
    work = {name: str(form[name]) for name in ("job_title", "duties", "hours_per_week")}
    dates = {name: form[name] for name in ("start_date", "end_date")}
    consulted = {f"adviser_consulted.{name}": value for name, value in form["adviser_consulted"].items()}
    await answer(page, {"employer": form["employer"]} | {f"employer_address.{k}": v for k, v in address.items()})
    await answer(page, work)
    await answer(page, dates)
    await answer(page, {"compensation": form["compensation"]}, check=("paid", "true"))
    await answer(page, {f"work_location.{k}": v for k, v in address.items()})
    await answer(page, consulted, check=("route", "credit"))
    await shoot(page, "student-courses")
    await press(page, page.get_by_label("COMPSCI 698"), "Space")
    await on(page, "Save and continue")
    await shoot(page, "student-check")
    assert "COMPSCI 698, class 41234, Fall 2026" in await page.inner_text("main")
    assert "Fall 2026" in await page.inner_text("main")
    await on(page, "Send the request")


async def answer(page, typed, check=None):
    if check:
        await press(page, page.locator(f"[name='{check[0]}'][value='{check[1]}']"), "Space")
    for name, value in typed.items():
        await type_into(page, page.locator(f"[name='{name}']"), value)
    await on(page, "Save and continue")


async def on(page, name):
    async with page.expect_navigation():
        await press(page, page.get_by_role("button", name=name))


async def upload(page, tmp_path, kind):
    file = tmp_path / f"{kind}.pdf"
    file.write_bytes(ANA.letter())
    form = page.locator(f"form:has([name='kind'][value='{kind}'])").first
    await form.locator("[type=file]").set_input_files(file)
    await form.get_by_role("button", name="Upload").click()


async def test_a_person_clicks_from_the_form_to_the_issued_i20_and_the_alert(office, stack, story, visitors, tmp_path):
    """Without JavaScript: every form must work without it."""
    await office.campus("PUT", f"/demo/students/{ANA.emplid}", json=ANA.profile())
    await office.campus("PUT", f"/demo/students/{ANA.emplid}/enrollments", json=[ANA.row()])
    approved = event(AGREEMENT, "/handshake/experiences", ANA.agreement("approved", 1))
    await office.campus("POST", "/demo/events", json=[approved])

    student = await visitors.page("intake", ANA.emplid, "student", script=False)
    await shoot(student, "student-start")
    await fill_the_form(student)
    await shoot(student, "student-incomplete")
    assert "What is missing" in await student.inner_text("main")
    for kind in ("offer_letter", "handshake_contract", "enrollment_proof"):
        await upload(student, tmp_path, kind)
    assert "Place in line" in await student.inner_text("main")
    await shoot(student, "student-complete")
    request_id = student.url.rpartition("/")[2]

    adviser = await visitors.page("review", "adviser-7", "adviser", script=False)
    await eventually("the case in line", lambda: _on_page(adviser, "in line", reload=True))
    await shoot(adviser, "adviser-desk")
    await adviser.get_by_role("button", name="Take the next case").click()
    await eventually("a fresh check", lambda: _approves(adviser))
    await shoot(adviser, "adviser-approved")
    await eventually("the recorded I-20", lambda: _issues(adviser))
    await shoot(adviser, "adviser-issued")
    await student.goto(f"{stack['intake']}/requests/{request_id}")
    await eventually("the authorized dates", lambda: _on_page(student, "The days on your CPT I-20", reload=True))
    await shoot(student, "student-issued")

    dropped = ANA.row(status="D", reason="DROP", source_seq=9)  # silently: the comparison with a snapshot finds it
    await office.campus("PUT", f"/demo/students/{ANA.emplid}/enrollments", json=[dropped])
    await office.call("ops", ["operations"], "POST", "enrollment_sync", "/api/reconcile/1267", good=(202,))
    compliance = await visitors.page("review", "compliance-7", "compliance", script=False)
    await eventually("the alert on the board", lambda: _on_page(compliance, ANA.name, reload=True))
    await shoot(compliance, "compliance-board")
    await compliance.get_by_role("link", name=ANA.name).click()
    await shoot(compliance, "compliance-alert")
    assert "possible loss" in await compliance.inner_text("main")


async def _on_page(page, text, *, reload):
    if reload:
        await page.reload()
    return text in await page.inner_text("main")


async def _approves(page):
    """While SPIRE is being asked the page says so; then the case once more."""
    for box in await page.locator("[name='flag']").all():
        await box.check()
    await page.get_by_role("button", name="Approve").click()
    return "Approved. We are checking SPIRE once more" in await page.inner_text("main")


async def _issues(page):
    """P21: the form and the dates for SEVIS appear only after the fresh answer."""
    if not await page.locator("#sha256").count():
        await page.reload()
        return False
    assert "Type this into SEVIS" in await page.inner_text("main")
    await page.locator("#sha256").fill("a" * 64)
    await page.locator("#name").fill("i20.pdf")
    await page.locator("#issued_on").fill(date(2026, 9, 8).isoformat())
    await page.locator("#signed_by").fill("Kim Lee, PDSO")
    await page.locator("#sevis").check()
    await page.get_by_role("button", name="Record the I-20").click()
    return "The I-20 is recorded" in await page.inner_text("main")

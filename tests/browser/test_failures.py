"""When something goes wrong people are told what to do, and nothing is lost."""

import asyncio
from dataclasses import replace

import pytest

from infra.demo.cast import ANA
from infra.demo.office import eventually
from infra.devstack.patience import stretched
from tests.browser.test_every_page import begun
from tests.browser.test_refused import administrator
from tests.browser.visitors import text_of

MINA = replace(ANA, emplid="30040003", name="Mina Park", employer="Swift River Labs")
TWO = [replace(ANA, emplid=f"3004001{n}", name=f"Twin {n}", employer=f"Twin Works {n}") for n in (1, 2)]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
async def test_a_bad_upload_says_why_and_receives_nothing(office, visitors, tmp_path, script):
    """Case 35: with the reason, beside the field it belongs to."""
    student = replace(MINA, emplid=f"3004002{int(script)}")
    request_id = await begun(office, student)
    page = await visitors.page("intake", student.emplid, "student", script=script)
    await page.goto(f"{visitors.stack['intake']}/requests/{request_id}")
    bad = tmp_path / "letter.pdf"
    bad.write_text("no letter at all")
    form = page.locator("form:has([value='offer_letter'])")
    await form.locator("[type=file]").set_input_files(bad)
    await form.get_by_role("button", name="Upload").click()
    await page.wait_for_url("**refused=wrong_type**")

    assert "This file was not received" in await text_of(page)
    assert "The offer letter on company letterhead is missing." in await text_of(page)


async def test_what_was_typed_is_in_the_form_after_signing_in_again(stack, visitors):
    """The session ended while it was typed: nothing was sent, nothing is lost, and going back asks nothing."""
    page = await visitors.page("intake", "30040031", "student")
    await page.goto(f"{visitors.stack['intake']}/requests/new/work")
    await page.get_by_label("Job title").fill("Robotics intern")
    await page.get_by_label("Hours per week").fill("0")
    await page.get_by_label("Job title").focus()
    await page.get_by_text("This must be more than 0.").wait_for()
    await page.get_by_label("Hours per week").fill("15")
    async with administrator(stack) as connection:
        await connection.execute("DELETE FROM intake.browser_session WHERE sub = '30040031'")
    await page.get_by_role("button", name="Save and continue").click()
    await page.get_by_role("link", name="Sign in", exact=True).click()
    await visitors.choose(page, "30040031", "student")
    await page.wait_for_url("**/work**")
    found = [await page.get_by_label(name).input_value() for name in ("Job title", "Hours per week")]
    await page.get_by_role("button", name="Save and continue").click()
    await page.wait_for_url("**/dates")
    await page.go_back()

    assert found == ["Robotics intern", "15"]
    assert await page.get_by_label("Job title").is_visible()


async def test_an_expired_session_loses_no_answer(visitors):
    """The steps that were saved are there again after signing in."""
    page = await visitors.page("intake", "30040030", "student")
    await page.goto(f"{visitors.stack['intake']}/requests/new/employer")
    await page.locator("[name=employer]").fill("Mill River Design")
    await page.get_by_role("button", name="Save and continue").click()
    await page.wait_for_url("**/work")
    await page.context.clear_cookies()
    await page.locator("[name=job_title]").fill("Design intern")
    await page.get_by_role("button", name="Save and continue").click()
    told = await text_of(page)
    await page.get_by_role("link", name="Sign in").click()
    await page.get_by_label("Sign-in name, or EMPLID of a student").fill("30040030")
    await page.get_by_role("checkbox", name="student", exact=True).check()
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.goto(f"{visitors.stack['intake']}/requests/new/employer")

    assert "Sign in first" in told
    assert await page.locator("[name=employer]").input_value() == "Mill River Design"


async def test_after_signing_out_every_page_asks_who_you_are(visitors):
    page = await visitors.page("review", "e.castellano", "compliance")
    await page.get_by_role("button", name="Sign out").click()
    await page.wait_for_url("**/signed-out")
    await page.goto(f"{visitors.stack['review']}/alerts")

    assert page.url.startswith(visitors.stack["campus"])


async def test_two_advisers_at_once_get_two_cases_and_only_the_holder_decides(office, story, visitors):
    """P10, P11: one lock; the other is told who holds the case."""
    for student in TWO:
        request_id = await begun(office, student)
        for kind in ("offer_letter", "handshake_contract", "enrollment_proof"):
            await office.upload(student.emplid, request_id, kind, student.letter())
    one, other = [await visitors.page("review", sub, "adviser") for sub in ("b.osei", "c.lindqvist")]
    await eventually("two cases in line", lambda: _waiting(one, 2))
    await other.reload()
    await asyncio.gather(*(page.get_by_role("button", name="Take the next case").click() for page in (one, other)))
    await asyncio.gather(*(page.wait_for_url("**/cases/*") for page in (one, other)))
    taken = [page.url for page in (one, other)]
    await other.goto(taken[0])
    seen = await text_of(other)
    answer = await other.evaluate(
        "async (path) => (await fetch(path + '/deny', {method: 'POST', body: new URLSearchParams("
        "{csrf_token: document.querySelector('[name=csrf_token]').value, reason: 'x'})})).text()",
        taken[0],
    )

    assert taken[0] != taken[1]
    assert "only Benjamin Osei decides" in seen
    assert "Another adviser holds this case" in answer


async def test_a_dropped_course_appears_on_the_board_without_reloading(story, visitors):
    """R33: the campus console drops the course, the board of a person who only looks shows it."""
    board = await visitors.page("review", "f.nakamura", "compliance")
    await board.evaluate("window.untouched = true")
    console = await board.context.new_page()
    await console.goto(f"{visitors.stack['campus']}/?find={ANA.emplid}")
    await console.get_by_role("button", name="Drop", exact=True).first.click()
    await board.bring_to_front()
    await board.get_by_role("link", name=ANA.name).wait_for(timeout=1000 * stretched(20))

    assert await board.evaluate("window.untouched")


async def _waiting(page, least):
    await page.reload()
    return int(await page.locator(".figure").inner_text()) >= least

"""An open page follows the server whatever forms it holds, and takes nothing from whoever types or reads."""

from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

import cpt.web
from infra.devstack.patience import stretched
from tests.browser.conftest import CHROMIUM

SCRIPT = (Path(cpt.web.__file__).parent / "static" / "cpt.js").read_text("utf-8")
PAGE = """<!doctype html><title>A request</title><main>
<p id="badge" data-live="2">{state}</p>
<div id="standing" data-live="2"><p>{state}</p>
<details><summary>My contract is approved</summary><form method="post"><textarea name="note" required></textarea></form></details>
<details><summary>Why</summary><p>Reason of {state}</p></details>
<a href="/case">Open the case</a></div>
</main><script src="/cpt.js"></script>"""


@pytest.fixture
async def served():
    """A page in a real browser, and what the server says of it from now on."""
    said = {"state": "incomplete"}

    async def answer(route):
        script = route.request.url.endswith(".js")
        kind, body = ("text/javascript", SCRIPT) if script else ("text/html", PAGE.format(**said))
        await route.fulfill(body=body, content_type=kind)

    async with async_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = await browser.new_page()
        await page.route("**/*", answer)
        await page.goto("http://request.example/")
        yield page, said
        await browser.close()


def shows(page, place, state):
    return expect(page.locator(place)).to_have_text(state, timeout=1000 * stretched(15))


async def test_a_waiting_page_goes_on_though_an_unfilled_form_lies_in_it(served):
    """R40: an empty field that is required is invalid from the start; it must not keep the news away."""
    page, said = served
    said["state"] = "complete"

    await shows(page, "#standing > p", "complete")
    await shows(page, "#badge", "complete")


async def test_what_is_unfolded_and_where_the_keyboard_is_stay_so(served):
    page, said = served
    await page.get_by_text("Why").click()
    await page.get_by_role("link").focus()
    said["state"] = "complete"

    await shows(page, "#standing > p", "complete")
    await expect(page.get_by_text("Reason of complete")).to_be_visible()
    await expect(page.get_by_role("link")).to_be_focused()


async def test_what_was_typed_is_never_replaced(served):
    page, said = served
    await page.get_by_text("My contract").click()
    await page.locator("textarea").fill("Approved on Monday")
    said["state"] = "complete"

    await shows(page, "#badge", "complete")
    await expect(page.locator("textarea")).to_have_value("Approved on Monday")
    await expect(page.locator("#standing > p")).to_have_text("incomplete")

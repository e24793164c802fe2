"""People in front of the pages: who signs in where, and what their browser can do."""

import os
from pathlib import Path

from axe_playwright_python.async_playwright import Axe

from infra.devstack.patience import stretched

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SHOTS = os.environ.get("CPT_SCREENSHOTS")


class Visitors:
    def __init__(self, browser, stack):
        self.browser, self.stack = browser, stack

    async def page(self, service, sub, *roles, script=True, phone=False, dark=False):
        """A new context that came in by the university's sign-in."""
        page = await self.nobody(script=script, phone=phone, dark=dark)
        await page.goto(self.stack[service])
        await self.choose(page, sub, *roles)
        await page.wait_for_url(f"{self.stack[service]}/**")
        return page

    async def nobody(self, *, script=True, phone=False, dark=False):
        """A new context that nobody is signed in to; console errors are collected in `page.faults`."""
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        scheme = "dark" if dark else "light"
        context = await self.browser.new_context(java_script_enabled=script, viewport=size, color_scheme=scheme)
        context.set_default_timeout(1000 * stretched(30))
        page = await context.new_page()
        page.faults = []
        page.on("console", lambda said: page.faults.append(said.text) if "Content Security" in said.text else None)
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        return page

    async def choose(self, page, sub, *roles):
        """Says at the university's sign-in who it is."""
        await page.get_by_label("Sign-in name, or EMPLID of a student").fill(sub)
        for role in roles:
            await page.get_by_role("checkbox", name=role, exact=True).check()
        await page.get_by_role("button", name="Sign in", exact=True).click()


async def shoot(page, name):
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


async def barriers(page):
    """What axe finds against WCAG 2.2 AA: each rule with the first place that breaks it."""
    found = await Axe().run(page, options=RULES)
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]]


async def reach(page, place, most=150):
    """Tab until it has the focus: what the keyboard does not come to fails."""
    for _ in range(most):
        if await place.evaluate("one => one === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not come to {place}")


async def press(page, place, key="Enter"):
    await reach(page, place)
    await page.keyboard.press(key)


async def type_into(page, place, words):
    """A date as it is typed: month, day, year."""
    await reach(page, place)
    year, _, day = words.partition("-")
    dated = await place.get_attribute("type") == "date"
    await page.keyboard.type(day.replace("-", "") + year if dated else words)


async def sideways(page):
    """How many pixels the page is wider than the screen."""
    return await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


async def text_of(page):
    return await page.inner_text("main")

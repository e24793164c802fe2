"""People in front of the pages: who signs in where, and what their browser can do."""

import os
from pathlib import Path

from axe_playwright_python.async_playwright import Axe

from infra.devstack.patience import stretched

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLORS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
"""All that another color scheme can break."""
SHOTS = os.environ.get("CPT_SCREENSHOTS")


class Visitors:
    def __init__(self, browser, stack):
        self.browser, self.stack = browser, stack

    async def page(self, service, sub, *roles, script=True, phone=False, dark=False):
        """A new context that came in by the university's sign-in; console errors are collected in `page.faults`."""
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        scheme = "dark" if dark else "light"
        context = await self.browser.new_context(java_script_enabled=script, viewport=size, color_scheme=scheme)
        context.set_default_timeout(1000 * stretched(30))
        page = await context.new_page()
        page.faults = []
        page.on("console", lambda said: page.faults.append(said.text) if "Content Security" in said.text else None)
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        await page.goto(self.stack[service])
        await self.choose(page, sub, *roles)
        await page.wait_for_url(f"{self.stack[service]}/**")
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


async def barriers(page, rules=RULES):
    """What axe finds against WCAG 2.2 AA: each rule with the first place that breaks it."""
    found = await Axe().run(page, options=rules)
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]]


async def sideways(page):
    """How many pixels the page is wider than the screen."""
    return await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


async def text_of(page):
    return await page.inner_text("main")

"""Somebody loses a role while they are signed in (decision 10)."""

import re

from infra.demo.office import eventually
from tests.browser.visitors import shoot


async def test_a_role_that_is_taken_away_ends_the_session_and_all_that_it_opened(stack, visitors):
    adviser = await visitors.page("review", "adviser-9", "adviser")
    copy = await adviser.context.cookies()
    assert "Take the next case" in await adviser.inner_text("main")

    office = await adviser.context.new_page()
    await office.goto(f"{stack['campus']}/people")
    row = office.get_by_role("row", name=re.compile("adviser-9"))
    await row.get_by_role("button", name="Take away adviser").click()
    await shoot(office, "campus-people")
    await eventually("the way to the sign-in", lambda: _asked_who(adviser))

    thief = await visitors.browser.new_context()
    await thief.add_cookies(copy)
    stolen = await thief.new_page()
    await stolen.goto(stack["review"])
    assert "Who are you today?" in await stolen.inner_text("main")
    await row.get_by_role("button", name="Give back adviser").click()
    await adviser.context.close()
    await thief.close()


async def _asked_who(page):
    await page.reload()
    return "Who are you today?" in await page.inner_text("main") or None

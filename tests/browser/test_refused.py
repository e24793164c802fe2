"""Whoever was not let in, and whoever meets a fault of ours, reads what happened and what to do, and has a way onwards."""

from contextlib import asynccontextmanager

import asyncpg
import pytest

from tests.browser.visitors import barriers, shoot, text_of

STUDENT = "30040050"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


async def fits(page, name):
    """As every other page: no barrier, nothing wider than a phone; leaves a screenshot of each width and scheme."""
    for scheme in ("dark", "light"):
        await page.emulate_media(color_scheme=scheme)
        for size, words in ((DESK, ""), (PHONE, "-phone")):
            await page.set_viewport_size(size)
            await shoot(page, f"fault-{name}{words}-{scheme}")
        assert await barriers(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.faults == []


async def test_whoever_cancels_at_the_sign_in_is_told_so_and_comes_to_the_same_page_later(visitors):
    """OpenID Connect Core, 3.1.2.6: `access_denied`."""
    page = await visitors.page("review", "c.lindqvist", "adviser")
    await page.context.clear_cookies()
    await page.goto(f"{visitors.stack['review']}/cases")
    await page.get_by_role("button", name="Sign in as nobody").click()
    await page.wait_for_url("**/signin/callback**")
    told = await text_of(page)
    await fits(page, "sign-in-canceled")
    await page.get_by_role("link", name="Sign in", exact=True).click()
    await visitors.choose(page, "c.lindqvist", "adviser")

    assert "You were not signed in" in told
    assert page.url == f"{visitors.stack['review']}/cases"


async def test_a_sign_in_that_took_too_long_is_begun_once_more(visitors):
    """The browser has forgotten by then what it asked for; so has one that opens somebody else's link."""
    page = await visitors.page("review", "c.lindqvist", "adviser")
    await page.context.clear_cookies()
    await page.goto(f"{visitors.stack['review']}/cases")
    await page.context.clear_cookies()
    await visitors.choose(page, "c.lindqvist", "adviser")
    told = await text_of(page)
    await fits(page, "sign-in-late")
    await page.get_by_role("link", name="Sign in", exact=True).click()
    await visitors.choose(page, "c.lindqvist", "adviser")

    assert "Sign in once more" in told
    assert page.url == f"{visitors.stack['review']}/"


@pytest.mark.parametrize("roles", [[], ["student"]], ids=["none", "student"])
async def test_an_account_without_a_role_here_is_told_so_and_can_sign_out(visitors, roles):
    page = await visitors.page("review", "30040051", *roles)
    told = await text_of(page)
    await fits(page, f"no-role-{'-'.join(roles) or 'at-all'}")
    await page.get_by_role("main").get_by_role("button", name="Sign out").click()
    await page.wait_for_url("**/signed-out")

    assert "Your account has no role here" in told


async def test_while_the_database_is_away_a_page_says_so_and_comes_back(stack, visitors):
    """503: once it is back "Try again" is enough, and reloading sends what was typed once more."""
    page = await visitors.page("intake", STUDENT, "student")
    await page.goto(f"{visitors.stack['intake']}/requests/new/employer")
    await page.locator("[name=employer]").fill("Mill River Design")
    async with closed_to(stack, "intake-web"):
        await page.get_by_role("button", name="Save and continue").click()
        await page.get_by_role("heading", name="not available at the moment").wait_for()
        sent = await text_of(page)
        await fits(page, "database-away-form")
    await page.reload()
    await page.wait_for_url("**/work")
    async with closed_to(stack, "intake-web"):
        await page.goto(f"{visitors.stack['intake']}/requests/new/employer")
        told = await text_of(page)
        await fits(page, "database-away")
    await page.get_by_role("link", name="Try again").click()

    assert "reload this page" in sent
    assert "not available at the moment" in told
    assert await page.locator("[name=employer]").input_value() == "Mill River Design"


async def test_a_fault_of_ours_says_nothing_but_a_reference_to_tell_the_office(stack, visitors):
    """500: a table is gone; no word of it, of the statement or of the person."""
    page = await visitors.page("intake", STUDENT, "student")
    async with administrator(stack) as connection:
        await connection.execute("ALTER TABLE intake.draft RENAME TO draft_gone")
        try:
            await page.goto(visitors.stack["intake"])
            told = await text_of(page)
            await fits(page, "ours")
        finally:
            await connection.execute("ALTER TABLE intake.draft_gone RENAME TO draft")
    await page.get_by_role("link", name="Try again").click()

    assert "Something went wrong on our side" in told
    assert "Reference: " in told
    assert "draft" not in told
    assert STUDENT not in told
    assert "What you will need" in await text_of(page)


@asynccontextmanager
async def administrator(stack):
    connection = await asyncpg.connect(stack["postgres"])
    yield connection
    await connection.close()


@asynccontextmanager
async def closed_to(stack, application):
    """PostgreSQL ends the process's connections and takes no new one from its role."""
    async with administrator(stack) as connection:
        role = await connection.fetchval(
            "SELECT usename FROM pg_stat_activity WHERE application_name = $1 LIMIT 1", application
        )
        await connection.execute(f"ALTER ROLE {role} CONNECTION LIMIT 0")
        try:
            await connection.fetch("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", role)
            yield
        finally:
            await connection.execute(f"ALTER ROLE {role} CONNECTION LIMIT -1")

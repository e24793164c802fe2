"""What was typed outlives the session in which it was typed, for the same person in the same browser."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.component.test_web_signin import SESSION, token_on
from tests.unit.web.sample_service import World, running_world

TYPED = "Two weeks of writing"
AWAY = timedelta(hours=3)


@pytest.fixture(scope="module")
async def running(postgres) -> AsyncIterator[World]:
    async with running_world(postgres) as made:
        yield made


@pytest.fixture
async def world(running) -> World:
    running.issuer.reset()
    running.clock.offset = timedelta(days=-200)
    async with running.database.transaction() as connection:
        await connection.execute("DELETE FROM kept_form")
    return running


async def kept(world):
    async with world.database.connection() as connection:
        return await connection.fetch("SELECT * FROM kept_form")


async def sent_too_late(world, browser, **fields):
    """A form of the start page, after the session has ended."""
    token = token_on((await browser.get("/")).text)
    world.clock.offset += AWAY
    headers = {"referer": f"{world.url}/", "origin": world.url}
    data = {"name": TYPED, "csrf_token": token} | fields
    return await browser.post("/rename", data=data, headers=headers, follow_redirects=False)


async def test_what_was_typed_comes_back_after_signing_in_again(world):
    async with world.browser() as browser:
        refused = await sent_too_late(world, browser)
        back = await browser.get("/signin", params={"return_to": "/"})
        later = await browser.get("/")

    assert refused.status_code == 401
    assert "with what you typed" in refused.text
    assert str(back.url) == f"{world.url}/?kept=unsent"
    assert f'data-name="name">{TYPED}' in back.text
    assert "csrf_token" not in back.text.partition('data-kept="/rename"')[2].partition("</section>")[0]
    assert TYPED not in later.text


async def test_nobody_else_who_signs_in_there_reads_it(world):
    async with world.browser() as browser:
        await sent_too_late(world, browser)
        world.issuer.person = {**world.issuer.person, "sub": "30099999", "name": "Somebody Else"}
        back = await browser.get("/signin", params={"return_to": "/"})
        asked = await browser.get("/?kept=unsent")

    assert "Somebody Else" in back.text
    assert TYPED not in back.text + asked.text


async def test_who_reads_the_table_reads_no_text(world):
    async with world.browser() as browser:
        await sent_too_late(world, browser)
        cookie = browser.cookies[SESSION]
    (row,) = await kept(world)

    assert TYPED not in str(dict(row))
    assert cookie not in str(dict(row))


@pytest.mark.parametrize("fault", ["no token", "no cookie", "another site", "nothing typed"])
async def test_only_a_page_of_ours_leaves_anything(world, fault):
    """Else whoever reaches the address could fill the table, or put words into somebody's form."""
    async with world.browser() as browser:
        token = token_on((await browser.get("/")).text)
        world.clock.offset += AWAY
        if fault == "no cookie":
            browser.cookies.clear()
        origin = "https://elsewhere.example" if fault == "another site" else world.url
        data = {"name": "" if fault == "nothing typed" else TYPED, "csrf_token": "" if fault == "no token" else token}
        answer = await browser.post("/rename", data=data, headers={"origin": origin})

    assert answer.status_code == 401
    assert await kept(world) == []


async def test_one_form_is_kept_for_a_session_and_none_for_longer_than_a_day(world):
    async with world.browser() as browser:
        await sent_too_late(world, browser, name="The first")
        token = token_on((await browser.get("/signin", params={"return_to": "/"})).text)
        world.clock.offset += AWAY
        await browser.post("/rename", data={"name": TYPED, "csrf_token": token}, headers={"origin": world.url})
        assert len(await kept(world)) == 1
        world.clock.offset += timedelta(days=2)
    async with world.browser() as browser:
        await sent_too_late(world, browser)

    assert len(await kept(world)) == 1

"""A session ends for every copy of its cookie, and with a role that the issuer takes back (decision 10)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest

from cpt.runtime.settings import Settings
from cpt.runtime.web import identity_of
from cpt.web.person import Person
from cpt.web.sealing import Vault
from cpt.web.session_rows import SessionStore, end_sessions_of
from cpt.web.token_endpoint import Tokens
from tests.component.test_web_signin import SESSION, token_on
from tests.unit.web.sample_service import PAGE, SECRET, World, running_world, sample_app
from tests.unit.web.serving import served

SOON = timedelta(minutes=5, seconds=1)


@pytest.fixture(scope="module")
async def running(postgres) -> AsyncIterator[World]:
    async with running_world(postgres) as made:
        yield made


@pytest.fixture
def world(running) -> World:
    running.issuer.reset()
    running.clock.offset = timedelta(days=-200)
    return running


async def status(browser) -> int:
    return (await browser.get("/api/me")).status_code


async def rows(world):
    async with world.database.connection() as connection:
        return await connection.fetch("SELECT * FROM browser_session")


async def end_sessions(world, sub):
    async with world.database.transaction() as connection:
        await end_sessions_of(connection, sub)


async def test_a_new_key_in_front_of_the_old_one_signs_nobody_out(world):
    """docs/security.md: changed yearly, the old one behind it for ten hours."""

    def keyed(secrets):
        settings = Settings(postgres={"dsn": "postgresql://nobody"}, session_key=secrets, public_url=world.url)
        settings.oidc.issuer = world.issuer.url

        def app(url):
            identify = lambda issuer, _: replace(identity_of(settings), issuer=issuer, public_url=url)  # noqa: E731
            return sample_app(url, world.issuer.url, world.clock, world.database, identify=identify)

        return served(app)

    old, new = "o" * 40, "n" * 40
    async with keyed(old) as url, httpx2.AsyncClient(base_url=url, headers=PAGE, follow_redirects=True) as browser:
        await browser.get("/")
        copy = {"cookie": f"{SESSION}={browser.cookies[SESSION]}"}
    answers = {}
    for secrets in (f"{new} {old}", new):
        async with keyed(secrets) as url, httpx2.AsyncClient(base_url=url) as client:
            answers[secrets] = (await client.get("/api/me", headers=copy)).status_code

    assert list(answers.values()) == [200, 401]


async def test_signing_out_ends_every_copy_of_the_cookie(world):
    async with world.browser() as browser:
        copy = {"cookie": f"{SESSION}={browser.cookies[SESSION]}"}
        assert (await world.http.get("/api/me", headers=copy)).status_code == 200
        await browser.post("/signout", data={"csrf_token": token_on((await browser.get("/")).text)})

        assert (await world.http.get("/api/me", headers=copy)).status_code == 401


async def test_somebody_sees_each_browser_in_which_they_are_signed_in_and_leaves_all_at_once(world):
    """ASVS 7.5.2: their own and nobody else's; the other person stays."""
    world.issuer.person = {"sub": "dso2", "roles": ["adviser"]}
    async with world.browser() as other:
        world.issuer.person = {"sub": "dso1", "roles": ["adviser"]}
        async with world.browser() as library, world.browser() as own:
            page = (await own.get("/sessions")).text
            assert "2 browsers are signed in" in page
            assert page.count("this browser") == 1
            await own.post("/sessions/end", data={"csrf_token": token_on(page)})

            assert [await status(browser) for browser in (own, library, other)] == [401, 401, 200]


async def test_signing_in_again_gives_a_new_session_and_ends_the_one_before(world):
    async with world.browser(signed_in=False) as browser:
        browser.follow_redirects = False
        tabs = [await browser.get("/signin") for _ in range(2)]
        backs = [(await browser.get(tab.headers["location"])).headers["location"] for tab in tabs]
        await browser.get(backs[0])
        before = {"cookie": f"{SESSION}={browser.cookies[SESSION]}"}
        await browser.get(backs[1])

        assert (await world.http.get("/api/me", headers=before)).status_code == 401
        assert await status(browser) == 200


async def test_a_session_ends_in_every_browser_when_the_issuer_takes_a_role_back(world):
    world.issuer.person = {"sub": "dso1", "roles": ["adviser", "director"]}
    async with world.browser() as browser, world.browser() as second:
        world.issuer.person = {"sub": "dso1", "roles": ["adviser"]}
        assert await status(browser) == 200
        world.clock.offset += SOON

        assert [await status(browser), await status(second)] == [401, 401]
        assert (await browser.get("/")).status_code == 200  # through the sign-in, with what is left
        assert (await browser.get("/api/me")).json()["roles"] == ["adviser"]


async def test_a_new_role_counts_without_signing_in_again(world):
    async with world.browser() as browser:
        world.issuer.person = {"sub": "30012345", "roles": ["student", "adviser"]}
        world.clock.offset += SOON

        assert (await browser.get("/api/cases")).status_code == 200


async def test_a_session_ends_when_the_issuer_gives_no_more_tokens_for_the_person(world):
    async with world.browser() as browser:
        world.issuer.refused = True
        world.clock.offset += SOON

        assert await status(browser) == 401
        world.issuer.refused = False
        assert await status(browser) == 401


async def test_a_token_that_names_somebody_else_ends_the_session(world):
    async with world.browser() as browser:
        world.issuer.person = {"sub": "30099999", "roles": ["student"]}
        world.clock.offset += SOON

        assert await status(browser) == 401


async def test_the_issuer_is_asked_every_few_minutes_and_not_for_every_request(world):
    async with world.browser() as browser:
        for _ in range(2):
            world.clock.offset += SOON
            world.issuer.exchanged.clear()
            assert set(await asyncio.gather(*[status(browser) for _ in range(5)])) == {200}

            assert [form["grant_type"] for form in world.issuer.exchanged] == ["refresh_token"]


async def test_an_issuer_that_is_away_signs_nobody_out_for_an_hour(world):
    async with world.browser() as browser:
        world.issuer.away = True
        world.clock.offset += timedelta(minutes=30)
        assert await status(browser) == 200
        world.clock.offset += timedelta(minutes=59)
        assert await status(browser) == 200
        world.clock.offset += timedelta(minutes=2)
        assert await status(browser) == 401

        world.issuer.away = False
        world.clock.offset += timedelta(minutes=1)
        assert await status(browser) == 200


async def test_an_issuer_that_is_back_is_believed_anew(world):
    async with world.browser() as browser:
        world.issuer.away = True
        world.clock.offset += SOON
        assert await status(browser) == 200
        world.issuer.away, world.issuer.person = False, {"sub": "30012345", "roles": []}
        world.clock.offset += timedelta(minutes=1)

        assert await status(browser) == 401


async def test_without_a_refresh_token_the_issuer_is_asked_who_the_person_is(world):
    world.issuer.gives = {"access_token"}
    async with world.browser() as browser:
        world.clock.offset += SOON
        assert await status(browser) == 200
        world.issuer.person = {"sub": "30012345", "roles": []}
        world.clock.offset += SOON

        assert await status(browser) == 401


async def test_an_issuer_that_cannot_be_asked_gives_sessions_of_an_hour(world):
    world.issuer.gives = set()
    world.issuer.spoil = {"roles": ["student"]}
    async with world.browser() as browser:
        world.clock.offset += SOON
        assert await status(browser) == 200
        world.clock.offset += timedelta(hours=1, minutes=1)

        assert await status(browser) == 401


async def test_a_refused_client_is_no_word_about_the_person(world):
    world.issuer.client_refused = True
    async with world.browser() as browser:
        world.clock.offset += SOON

        assert await status(browser) == 200


async def test_who_reads_the_table_holds_no_session_and_no_token(world):
    async with world.browser() as browser:
        number = Vault([SECRET], "intake session").open(browser.cookies[SESSION])["number"]
        kept = [str(tuple(row)) for row in await rows(world)]

    assert kept
    secrets = {number, *world.issuer.refresh_tokens}
    assert not [row for row in kept for secret in secrets if secret in row]


async def test_an_administrator_ends_the_sessions_of_one_person_or_of_all(world):
    async with world.browser() as browser, world.browser() as second:
        world.issuer.person = {"sub": "dso1", "roles": ["adviser"]}
        async with world.browser() as other:
            await end_sessions(world, "30012345")
            assert [await status(browser), await status(second), await status(other)] == [401, 401, 200]
            await end_sessions(world, None)

            assert await status(other) == 401


async def test_what_ended_by_itself_is_forgotten(world):
    async with world.browser() as browser:
        await end_sessions(world, None)
        await browser.get("/")
        world.clock.offset += timedelta(hours=10, minutes=1)
        await browser.get("/")

        assert len(await rows(world)) == 1


async def test_one_person_is_signed_in_in_so_many_browsers_and_one_more_ends_the_oldest(world):
    """docs/security.md: quotas."""
    rows, now = SessionStore(world.database, Vault([SECRET], "tokens"), most=2), world.clock()
    people = [Person("dso7", frozenset({"adviser"})), Person("dso8", frozenset({"adviser"}))]
    for number, person in enumerate([people[0], people[1], people[0], people[0]]):
        ends = now + timedelta(hours=1, minutes=number)
        await rows.start(f"n{number}", person, Tokens("access"), now, ends)

    assert [await rows.find(f"n{number}", now) is not None for number in range(4)] == [False, True, True, True]

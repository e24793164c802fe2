"""Cross-site requests, sizes, rates and headers, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from cpt.web.options import RequestLimits
from tests.component.test_web_signin import token_on
from tests.unit.web.sample_service import PAGE, World, running_world


@pytest.fixture(scope="module")
async def world(postgres) -> AsyncIterator[World]:
    async with running_world(postgres) as running:
        yield running


@pytest.mark.parametrize("form", [{}, {"csrf_token": ""}, {"csrf_token": "guess"}, {"csrf_token": "ü"}])
async def test_a_form_without_the_token_of_its_page_changes_nothing(world, form):
    async with world.browser() as browser:
        answer = await browser.post("/rename", data={"name": "Mei", **form})

    assert answer.status_code == 403
    assert "Nothing was changed" in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
async def test_a_form_with_its_token_counts_only_from_our_own_pages(world, headers, status):
    async with world.browser() as browser:
        form = {"name": "Mei", "csrf_token": token_on((await browser.get("/")).text)}

        assert (await browser.post("/rename", data=form, headers=headers)).status_code == status


async def test_each_page_hides_the_token_under_a_pad_of_its_own(world):
    """A page is compressed, so a text that is the same on each of them could be guessed by its length (BREACH)."""
    async with world.browser() as browser:
        tokens = [token_on((await browser.get("/")).text) for _ in range(2)]
        answers = [
            (await browser.post("/rename", data={"name": "Mei", "csrf_token": one})).status_code for one in tokens
        ]

    assert tokens[0] != tokens[1]
    assert answers == [200, 200]


async def test_the_token_of_another_person_does_not_count(world):
    async with world.browser() as other:
        stolen = token_on((await other.get("/")).text)
    async with world.browser() as browser:
        assert (await browser.post("/rename", data={"name": "Mei", "csrf_token": stolen})).status_code == 403


async def test_the_api_asks_a_session_for_the_token_and_a_bearer_for_none(world):
    offer = {"employer": "Baystate", "hours": 20, "start": "2026-09-14"}
    async with world.browser() as browser:
        token = token_on((await browser.get("/")).text)
        assert (await browser.post("/api/offers", json=offer)).status_code == 403
        assert (await browser.post("/api/offers", json=offer, headers={"x-csrf-token": token})).status_code == 201
    assert (await world.http.post("/api/offers", json=offer, headers=world.bearer())).status_code == 201


async def test_an_announced_body_that_is_too_large_is_413_and_says_how_much_may_come(world):
    answer = await world.http.post("/api/offers", content=b"x" * 200_000, headers=world.bearer())

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "19.5 KB" in answer.json()["detail"]


async def test_a_body_that_turns_out_too_large_on_the_way_is_413(world):
    async def endless():
        for _ in range(400):
            yield b"x" * 10_000

    answer = await world.http.put("/api/documents", content=endless())

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a_path_may_allow_more_than_the_others(world):
    answer = await world.http.put("/api/documents", content=b"x" * 2_900_000)

    assert answer.json() == {"bytes": 2_900_000}


async def test_a_file_too_large_for_a_page_is_refused_with_a_page(world):
    async with world.browser() as browser:
        answer = await browser.post("/rename", data={"name": "x" * 300_000})

    assert answer.status_code == 413
    assert "smaller file" in answer.text


async def test_one_hurried_person_is_slowed_down_and_others_are_not(postgres):
    async with running_world(postgres, limits=RequestLimits(person_rate=0.001)) as world:
        hurried = [await world.http.get("/api/me", headers=world.bearer(sub="1")) for _ in range(8)]
        other = await world.http.get("/api/me", headers=world.bearer(sub="2"))

    assert [answer.status_code for answer in hurried] == [200] + [429] * 7
    assert int(hurried[-1].headers["retry-after"]) >= 1
    assert hurried[-1].json()["code"] == "too_many_requests"
    assert other.status_code == 200


async def test_an_address_is_slowed_down_but_its_probes_are_answered(postgres):
    async with running_world(postgres, limits=RequestLimits(address_rate=0.001)) as world:
        answers = await asyncio.gather(*(world.http.get("/api/nothing") for _ in range(6)))
        page = await world.http.get("/nothing", headers=PAGE)
        probe = await world.http.get("/livez")

    assert sorted(answer.status_code for answer in answers) == [404] + [429] * 5
    assert (page.status_code, probe.status_code) == (429, 200)
    assert "Wait a few seconds" in page.text


async def test_the_usual_limits_let_fifty_a_second_pass(postgres):
    async with running_world(postgres, limits=RequestLimits()) as world:
        answers = [await world.http.get("/api/me", headers=world.bearer()) for _ in range(60)]

    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.parametrize("path", ["/", "/api/me", "/nothing", "/broken", "/livez"])
async def test_every_answer_forbids_foreign_and_inline_code_and_frames(world, path):
    headers = (await world.http.get(path, headers=PAGE)).headers

    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert f"form-action 'self' {world.issuer.url}" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers


async def test_outside_of_development_browsers_are_told_to_stay_on_tls(postgres):
    async with running_world(postgres, development=False) as world:
        assert "max-age" in (await world.http.get("/livez")).headers["strict-transport-security"]


async def test_style_and_script_are_kept_for_good_under_an_address_made_of_their_content(world):
    page = (await world.http.get("/nothing", headers=PAGE)).text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    good = await world.http.get(address)
    stale = await world.http.get("/static/0123456789abcdef/cpt.css")

    assert "immutable" in good.headers["cache-control"]
    assert good.headers["content-type"].startswith("text/css")
    assert (stale.content, stale.headers["cache-control"]) == (good.content, "no-cache")
    assert (await world.http.get("/static/x/..%2Fpages.py")).status_code == 404


async def test_texts_of_people_are_shown_as_text(world):
    async with world.browser() as browser:
        assert "&lt;b&gt;not bold" in (await browser.get("/")).text


@pytest.mark.parametrize("address", ["/api/offers/%00", "/api/offers?employer=%00", "/%00"])
async def test_an_address_with_nul_is_refused_before_the_database_does(world, address):
    answer = await world.http.get(address, headers=world.bearer())

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("query", ["limit=1&limit=2", "limit=1&limit=1", "limit=&limit", "l%69mit=1&limit=2"])
async def test_a_parameter_that_is_given_twice_is_refused(world, query):
    """ASVS 15.3.7: nobody has to know which of the two counts."""
    answer = await world.http.get(f"/api/offers?{query}", headers=world.bearer())

    assert (answer.status_code, answer.json()["detail"]) == (400, "The address gives a parameter twice.")


async def test_a_form_with_nul_is_refused_before_the_database_does(world):
    async with world.browser() as browser:
        token = token_on((await browser.get("/")).text)
        answer = await browser.post("/rename", data={"name": "M\0ei", "csrf_token": token})

    assert answer.status_code == 400

"""Signing in and out with a browser against a real issuer over HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from structlog.testing import capture_logs

from tests.unit.web.sample_service import PAGE, World, running_world

SESSION = "cpt-session-intake"


@pytest.fixture(scope="module")
async def running(postgres) -> AsyncIterator[World]:
    async with running_world(postgres) as made:
        yield made


@pytest.fixture
def world(running) -> World:
    running.issuer.reset()
    running.clock.offset = timedelta(days=-200)
    return running


async def test_a_page_leads_through_the_issuer_back_to_itself(world):
    async with world.browser(signed_in=False) as browser:
        answer = await browser.get("/?tab=2")

        assert str(answer.url) == f"{world.url}/?tab=2"
        assert "Mei Tanaka" in answer.text
        assert (await browser.get("/api/me")).json()["roles"] == ["student"]


@pytest.mark.parametrize("name", ["signin-(x)", "signin-", "signin-a[b]c", "signin-" + "x" * 300])
async def test_cookies_that_nobody_of_ours_set_hinder_no_sign_in(world, name):
    cookies = "; ".join(f"cpt-{name}{number}-intake=1" for number in range(8))
    answer = await world.http.get("/signin", headers={"cookie": cookies})

    assert answer.status_code in {302, 303, 307}


async def test_the_code_is_asked_for_with_pkce_state_and_nonce_and_exchanged_with_the_secret(world):
    first = await world.http.get("/signin")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(first.headers["location"]).query).items()}

    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"{world.url}/signin/callback"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(world):
    async with world.browser(signed_in=False) as browser:
        answer = await browser.get("/")
        kept = [line for step in answer.history for line in step.headers.get_list("set-cookie")]

    session = next(line for line in kept if line.startswith(f"{SESSION}="))
    assert "HttpOnly" in session
    assert "SameSite=lax" in session
    assert "30012345" not in session


async def test_outside_of_development_every_cookie_is_secure_and_bound_to_the_host(postgres):
    async with running_world(postgres, development=False) as world:
        kept = (await world.http.get("/signin")).headers["set-cookie"]

    assert kept.startswith("__Host-cpt-signin-")
    assert "Secure" in kept
    assert "Path=/" in kept


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\evil", "/a\r\nb", "evil", "", "/signout"],
)
async def test_nobody_is_led_to_another_host_after_signing_in(world, target):
    async with world.browser(signed_in=False) as browser:
        answer = await browser.get("/signin", params={"return_to": target})

        assert str(answer.url) == f"{world.url}/"


async def test_an_answer_that_this_browser_did_not_ask_for_signs_nobody_in(world):
    async with world.browser(signed_in=False) as stranger:
        stranger.follow_redirects = False
        step = await stranger.get((await stranger.get("/signin")).headers["location"])
    async with world.browser(signed_in=False) as browser:
        answer = await browser.get(step.headers["location"])

        assert answer.status_code == 400
        assert SESSION not in browser.cookies


async def test_an_answer_with_a_state_that_was_changed_signs_nobody_in(world):
    async with world.browser(signed_in=False) as browser:
        browser.follow_redirects = False
        step = await browser.get((await browser.get("/signin")).headers["location"])
        answer = await browser.get(f"{step.headers['location']}x")

        assert answer.status_code == 400
        assert SESSION not in browser.cookies


@pytest.mark.parametrize("spoil", [{"nonce": "other"}, {"aud": "another-client"}, {"lasts": -60}, {"sub": "30099999"}])
async def test_an_id_token_that_is_not_for_this_sign_in_signs_nobody_in(world, spoil):
    world.issuer.spoil = spoil
    async with world.browser(signed_in=False) as browser:
        answer = await browser.get("/")

        assert answer.status_code == 400
        assert "Sign in once more" in answer.text
        assert SESSION not in browser.cookies


async def test_an_issuer_that_is_away_is_said_so_with_a_time_to_come_back(postgres):
    async with running_world(postgres) as world, world.browser(signed_in=False) as browser:
        world.issuer.away = True
        answer = await browser.get("/")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "Try again" in answer.text


async def test_a_sign_in_that_the_issuer_interrupts_can_be_tried_again_where_it_stopped(world):
    async with world.browser(signed_in=False) as browser:
        browser.follow_redirects = False
        back = (await browser.get((await browser.get("/signin")).headers["location"])).headers["location"]
        world.issuer.away = True
        refused = await browser.get(back)
        world.issuer.away = False

        assert (refused.status_code, (await browser.get(back)).status_code) == (503, 303)
        assert urlsplit(back).query.replace("&", "&amp;") in refused.text


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        ("access_denied", 403, "You were not signed in"),
        ("login_required", 403, "You were not signed in"),
        ("temporarily_unavailable", 400, "Sign in once more"),
        ("<b>30012345</b>", 400, "Sign in once more"),
        ("", 400, "Sign in once more"),
    ],
)
async def test_whoever_comes_back_without_a_code_reads_why_and_may_sign_in_to_the_same_page(
    world, error, status, title
):
    """OpenID Connect Core, 3.1.2.6; the log keeps the issuer's own word, and nothing that is none."""
    async with world.browser(signed_in=False) as browser:
        browser.follow_redirects = False
        asked = parse_qs(urlsplit((await browser.get("/signin?return_to=/cases")).headers["location"]).query)
        answer = {"state": asked["state"][0], "error": error, "error_description": "30012345 may not"}
        with capture_logs() as lines:
            refused = await browser.get("/signin/callback", params=answer)

    assert refused.status_code == status
    assert f"<h1>{title}</h1>" in refused.text
    assert 'href="/signin?return_to=/cases"' in refused.text
    assert [line["event"] for line in lines if line["event"] == "sign_in_refused"] == ["sign_in_refused"]
    assert "30012345" not in refused.text + str(lines)


async def test_a_form_that_was_sent_too_late_leads_back_to_its_page(world):
    async with world.browser(signed_in=False) as browser:
        answer = await browser.post("/cases", headers={"referer": f"{world.url}/cases?tab=2"})

    assert answer.status_code == 401
    assert 'href="/signin?return_to=/cases"' in answer.text


async def test_an_account_without_a_role_is_told_so_and_may_sign_out(world):
    """Never sent in a circle: the start page is as closed to it as this one."""
    world.issuer.person["roles"] = []
    async with world.browser() as browser:
        answer = await browser.get("/cases")

    assert answer.status_code == 403
    assert "<h1>Your account has no role here</h1>" in answer.text
    assert answer.text.count('action="/signout"') == 2


async def test_a_session_ends_when_nobody_uses_it(world):
    async with world.browser() as browser:
        world.clock.offset += timedelta(hours=1)
        assert (await browser.get("/api/me")).status_code == 200
        world.clock.offset += timedelta(hours=1, minutes=30)
        assert (await browser.get("/api/me")).status_code == 200
        world.clock.offset += timedelta(hours=2, minutes=1)

        assert (await browser.get("/api/me")).status_code == 401


async def test_a_page_that_renews_itself_keeps_no_session_alive(world):
    async with world.browser() as browser:
        world.clock.offset += timedelta(hours=1, minutes=59)
        assert (await browser.get("/", headers={"x-cpt-live": "1"})).status_code == 200
        world.clock.offset += timedelta(minutes=2)

        assert (await browser.get("/api/me")).status_code == 401


async def test_a_session_ends_with_the_working_day_however_much_it_is_used(world):
    async with world.browser() as browser:
        for _ in range(9):
            world.clock.offset += timedelta(hours=1)
            assert (await browser.get("/api/me")).status_code == 200
        world.clock.offset += timedelta(hours=1, minutes=1)

        assert (await browser.get("/api/me")).status_code == 401


async def test_a_cookie_that_was_changed_is_no_session(world):
    async with world.browser() as browser:
        good = browser.cookies[SESSION]
        *rest, tag = good.split(".")
        other = ".".join([*rest, ("B" if tag[0] == "A" else "A") + tag[1:]])
        for bad in (other, good[: len(good) // 2], "x", ""):
            answer = await world.http.get("/api/me", headers={"cookie": f"{SESSION}={bad}"})

            assert answer.status_code == 401


async def test_signing_out_ends_the_session_here_and_at_the_issuer(world):
    async with world.browser() as browser:
        form = {"csrf_token": token_on((await browser.get("/")).text)}
        browser.follow_redirects = False
        world.clock.offset += timedelta(minutes=5)
        answer = await browser.post("/signout", data=form)

        assert answer.headers["location"].startswith(f"{world.issuer.url}/bye?client_id=cpt&post_logout_redirect_uri=")
        assert (await browser.get("/api/me")).status_code == 401
        assert "You are signed out" in (await browser.get("/signed-out")).text


async def test_a_person_with_the_wrong_role_is_told_so_and_not_sent_around_in_circles(world):
    async with world.browser() as browser:
        answer = await browser.get("/cases")

        assert answer.status_code == 403
        assert "sign out" in answer.text


async def test_the_navigation_shows_only_what_the_persons_roles_open(world):
    async with world.browser() as browser:
        assert 'href="/cases"' not in (await browser.get("/")).text
    world.issuer.person = {"sub": "dso1", "roles": ["adviser"]}
    async with world.browser() as browser:
        assert 'href="/cases"' in (await browser.get("/")).text


@pytest.mark.parametrize("authorization", ["Bearer nonsense", "Basic eDp5", "Bearer"])
async def test_credentials_in_a_header_are_never_replaced_by_the_session_beside_them(world, authorization):
    async with world.browser() as browser:
        assert (await browser.get("/api/me", headers={"authorization": authorization})).status_code == 401


async def test_a_form_left_open_still_counts_after_signing_in_again(world):
    async with world.browser() as browser:
        form = {"csrf_token": token_on((await browser.get("/")).text), "name": "Mei"}
        world.clock.offset += timedelta(hours=3)
        assert (await browser.post("/rename", data=form)).status_code == 401
        await browser.get("/")

        assert (await browser.post("/rename", data=form)).status_code == 200


async def test_several_tabs_can_sign_in_at_once(world):
    async with world.browser(signed_in=False) as browser:
        browser.follow_redirects = False
        steps = [await browser.get("/signin", params={"return_to": f"/?tab={tab}"}) for tab in (1, 2)]
        backs = [(await browser.get(step.headers["location"])).headers["location"] for step in steps]

        assert [(await browser.get(back)).headers["location"] for back in backs] == ["/?tab=1", "/?tab=2"]


async def test_abandoned_sign_ins_do_not_pile_up_in_the_browser(world):
    async with world.browser(signed_in=False) as browser:
        browser.follow_redirects = False
        for _ in range(20):
            await browser.get("/signin")

        assert len(browser.cookies) <= 6


def token_on(page: str) -> str:
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


async def test_the_page_of_a_student_is_never_kept_by_a_cache(world):
    async with world.browser() as browser:
        assert (await browser.get("/", headers=PAGE)).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("spoil", "who", "said"),
    [
        ({}, {"sub": "30012345", "roles": ["student"]}, {"event": "signed_in", "roles": ["student"], "actor": None}),
        ({}, {"sub": "d.reed", "roles": ["adviser"]}, {"event": "signed_in", "roles": ["adviser"], "actor": "d.reed"}),
        ({"nonce": "x"}, {}, {"event": "sign_in_refused", "reason": "The answer belongs to another sign-in."}),
        ({"aud": "x"}, {}, {"event": "sign_in_refused", "reason": "The token's claim aud is missing or not accepted."}),
    ],
)
async def test_each_result_of_signing_in_is_logged_without_a_student(world, spoil, who, said):
    """Case 66, ASVS 16.3.1."""
    world.issuer.person |= who
    world.issuer.spoil = spoil
    async with world.browser(signed_in=False) as browser:
        with capture_logs() as lines:
            await browser.get("/")

    (line,) = [line for line in lines if line["event"] in {"signed_in", "sign_in_refused"}]
    assert line.items() >= said.items()
    assert "30012345" not in str(line)


async def test_an_answer_that_nobody_asked_for_is_logged(world):
    """ASVS 16.3.1."""
    with capture_logs() as lines:
        await world.http.get("/signin/callback?code=1&state=2")

    assert [line["event"] for line in lines] == ["sign_in_refused"]

"""Sign-in by the code flow with PKCE, and the tokens that the services accept (docs/connect.md)."""

import base64
import hashlib
import time
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from infra.campus.server import running_campus
from infra.campus.settings import Settings

VERIFIER = "a-verifier-that-is-at-least-forty-three-characters-long"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
SERVICES = ["intake", "enrollment-sync", "review", "notifier"]
BACK = "http://127.0.0.1:9999/signed-in"
ASK = {
    "client_id": "review",
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "openid",
    "state": "s1",
    "nonce": "n1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@pytest.fixture(scope="module")
async def campus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("campus")
    settings = Settings(port=0, smtp_port=0, kafka="", state_dir=folder, client_secret="known")
    async with running_campus(settings) as running:
        yield running


@pytest.fixture
async def web(campus):
    async with httpx2.AsyncClient(base_url=campus.url) as client:
        yield client


async def claims_of(web, token):
    keys = KeySet.import_key_set((await web.get("/oidc/jwks")).json())
    return jwt.decode(token, keys, algorithms=["RS256"]).claims


async def token_for(web, sub, *roles):
    answer = await web.post("/demo/token", json={"sub": sub, "roles": roles})
    return await claims_of(web, answer.json()["access_token"])


async def a_code(web, sub="d.whitaker", roles=("adviser", "director")):
    answer = await web.post("/oidc/authorize", params=ASK, data={"sub": sub, "roles": list(roles)})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"{BACK}?")
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]


async def exchange(web, code, auth=None, **changes):
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    return await web.post("/oidc/token", data=form | {"client_id": "review"} | changes, auth=auth)


async def test_a_demo_token_is_good_for_all_services_for_twelve_hours(campus, web):
    claims = await token_for(web, "30012345", "student")

    assert claims["iss"] == campus.issuer
    assert claims["aud"] == SERVICES
    assert (claims["sub"], claims["roles"]) == ("30012345", ["student"])
    assert claims["exp"] - time.time() >= 12 * 3600 - 60


async def test_a_student_is_named_by_the_profile_and_staff_by_the_demo_data(web):
    profile = {"name": "Ana Lima", "email": "ana@s.example", "acad_career": "UGRD", "program_end_date": "2027-05-13"}
    await web.put("/demo/students/30000001", json=profile)

    student, staff = await token_for(web, "30000001", "student"), await token_for(web, "d.whitaker", "director")

    assert (student["name"], student["email"]) == ("Ana Lima", "ana@s.example")
    assert staff["name"] == "Dana Whitaker"


async def test_what_is_unknown_about_a_person_is_no_claim(web):
    claims = await token_for(web, "nobody", "adviser")

    assert {"name", "email"}.isdisjoint(claims)


async def test_discovery_names_the_issuer_and_addresses_that_answer(campus, web):
    found = (await web.get("/oidc/.well-known/openid-configuration")).json()

    assert found["issuer"] == campus.issuer
    assert (await web.get(found["jwks_uri"])).json()["keys"][0]["kty"] == "RSA"
    assert (await web.get(found["authorization_endpoint"], params=ASK)).status_code == 200
    assert (await web.post(found["token_endpoint"])).status_code == 400
    assert (await web.get(found["end_session_endpoint"])).status_code == 200


async def test_the_published_key_is_the_public_half_only(web):
    [key] = (await web.get("/oidc/jwks")).json()["keys"]

    assert {"d", "p", "q", "dp", "dq", "qi"}.isdisjoint(key)


async def test_the_sign_in_page_offers_demo_people_and_needs_no_script(web):
    page = (await web.get("/oidc/authorize", params=ASK)).text

    assert 'value="e.castellano"' in page
    assert 'value="39000101"' in page
    assert "<script" not in page


async def test_a_code_becomes_the_tokens_of_the_person_who_was_chosen(web):
    answer = await exchange(web, await a_code(web))

    tokens = answer.json()
    identity, access = await claims_of(web, tokens["id_token"]), await claims_of(web, tokens["access_token"])
    assert (identity["aud"], identity["nonce"], identity["sub"]) == ("review", "n1", "d.whitaker")
    assert identity["name"] == access["name"] == "Dana Whitaker"
    assert (access["aud"], access["roles"]) == (SERVICES, ["adviser", "director"])
    assert answer.headers["Cache-Control"] == "no-store"


async def test_the_way_back_carries_the_clients_state(web):
    answer = await web.post("/oidc/authorize", params=ASK, data={"sub": "someone", "roles": ["student"]})

    assert parse_qs(urlsplit(answer.headers["Location"]).query)["state"] == ["s1"]


async def test_a_client_may_prove_itself_by_its_secret(web):
    assert (await exchange(web, await a_code(web), auth=("review", "known"))).status_code == 200
    assert (await exchange(web, await a_code(web), client_secret="known")).status_code == 200


@pytest.mark.parametrize("how", [{"auth": ("review", "guess")}, {"client_secret": "guess"}])
async def test_a_wrong_client_secret_is_refused(web, how):
    answer = await exchange(web, await a_code(web), **how)

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_a_code_is_good_for_one_exchange(web):
    code = await a_code(web)
    await exchange(web, code)

    answer = await exchange(web, code)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "wrong", [{"code_verifier": "guessed"}, {"client_id": "intake"}, {"redirect_uri": "http://127.0.0.1:1/"}]
)
async def test_a_stolen_code_is_worth_nothing(web, wrong):
    answer = await exchange(web, await a_code(web), **wrong)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("change", [{"code_challenge": ""}, {"code_challenge_method": "plain"}])
async def test_a_client_without_pkce_is_sent_back_with_the_error(web, change):
    answer = await web.get("/oidc/authorize", params=ASK | change)

    assert answer.status_code == 303
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["error"] == ["invalid_request"]


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "javascript:alert(1)", ""])
async def test_nobody_is_sent_to_an_address_off_this_machine(web, address):
    answer = await web.get("/oidc/authorize", params=ASK | {"redirect_uri": address})
    signed_out = await web.get("/oidc/end_session", params={"post_logout_redirect_uri": address})

    assert answer.status_code == 400
    assert "Location" not in signed_out.headers


async def test_signing_out_leads_back_to_the_client(web):
    answer = await web.get("/oidc/end_session", params={"post_logout_redirect_uri": "http://127.0.0.1:9999/"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "http://127.0.0.1:9999/")


async def refreshed(web, token, **changes):
    return await exchange(web, "", grant_type="refresh_token", refresh_token=token, **changes)


async def account(web, sub, **change):
    await web.put(f"/demo/people/{sub}", json=change)


async def test_a_refresh_token_brings_the_roles_that_are_left(web):
    tokens = (await exchange(web, await a_code(web, "t.left", ("adviser", "director")))).json()
    await account(web, "t.left", revoked=["director"])
    first = (await refreshed(web, tokens["refresh_token"])).json()
    await account(web, "t.left")
    second = (await refreshed(web, first["refresh_token"])).json()

    assert (await claims_of(web, first["access_token"]))["roles"] == ["adviser"]
    assert (await claims_of(web, second["id_token"]))["roles"] == ["adviser", "director"]


async def test_a_locked_account_gets_no_tokens_and_does_not_sign_in(web):
    tokens = (await exchange(web, await a_code(web, "t.locked", ("adviser",)))).json()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (await web.get("/oidc/userinfo", headers=bearer)).json() == {"sub": "t.locked", "roles": ["adviser"]}
    await account(web, "t.locked", locked=True)

    answer = await refreshed(web, tokens["refresh_token"])
    again = await web.post("/oidc/authorize", params=ASK, data={"sub": "t.locked", "roles": ["adviser"]})

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert (again.status_code, "locked" in again.text) == (403, True)
    assert (await web.get("/oidc/userinfo", headers=bearer)).status_code == 401


@pytest.mark.parametrize("kind", ["access_token", "id_token"])
async def test_another_token_or_client_refreshes_nothing(web, kind):
    tokens = (await exchange(web, await a_code(web))).json()

    assert (await refreshed(web, tokens[kind])).status_code == 400
    assert (await refreshed(web, tokens["refresh_token"], client_id="intake")).status_code == 400


async def test_the_console_takes_a_role_away_and_gives_it_back(web):
    await a_code(web, "t.console", ("adviser",))
    assert "Take away adviser" in (await web.get("/people")).text
    await web.post("/people/t.console", data={"act": "revoke", "role": "adviser"})

    assert "Give back adviser" in (await web.get("/people")).text
    assert (await web.get("/demo/people/t.console")).json()["revoked"] == ["adviser"]
    await web.post("/people/t.console", data={"act": "give_back", "role": "adviser"})
    assert (await web.get("/demo/people/t.console")).json()["revoked"] == []

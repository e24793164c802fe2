"""A real provider, set up as docs/sign-in.md says, signs people in by the recipe that stands there."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from http.cookiejar import DefaultCookiePolicy

import httpx2
import pytest

from cpt.runtime.web import identity_of
from tests.acceptance.keycloak import HOME, SKIPPED, keycloak, make_realm
from tests.component.test_sign_in_recipes import RECIPES, given
from tests.unit.web.sample_service import PAGE, SECRET, TestClock, migrated, sample_app
from tests.unit.web.serving import served

ON_LOOPBACK = DefaultCookiePolicy(secure_protocols=("http", "https"))
"""As browsers have it, for which loopback is safe."""
pytestmark = pytest.mark.skipif(not HOME.exists(), reason=SKIPPED)


async def test_keycloak_signs_in_a_student_a_director_and_a_student_who_advises(postgres, monkeypatch, tmp_path):
    """In the browser, asked again at every request by refresh token, signed out; and with an access token as a bearer."""
    settings = given(RECIPES["Keycloak"], monkeypatch)
    people = {
        "mtanaka": ("30012345", ["student"], "Mei Tanaka"),
        "kim": ("kim", ["director"], "Kim Lee"),
        "ana": ("30054321", ["adviser", "student"], "Ana Lima"),
    }
    async with keycloak(tmp_path) as address, migrated(postgres) as database:
        realm = f"{address}/realms/campus"

        def identify(issuer, url):
            keys = {"session_secrets": [SECRET], "insecure_cookies": True, "client_secret": "s3cret&"}
            return replace(identity_of(settings), issuer=issuer, public_url=url, ask_every=timedelta(), **keys)

        def app(url):
            return sample_app(url, realm, TestClock(timedelta()), database, identify=identify)

        async with served(app) as url:
            assert await make_realm(address, url) == realm
            for name, expected in people.items():
                async with httpx2.AsyncClient(base_url=url, headers=PAGE, follow_redirects=True, timeout=30) as browser:
                    browser.cookies.jar.set_policy(ON_LOOPBACK)
                    form = (await browser.get("/")).text
                    action = unescape(re.search(r'id="kc-form-login"[^>]*action="([^"]+)"', form)[1])
                    page = await browser.post(action, data={"username": name, "password": "secret"})
                    assert (page.status_code, expected[2] in page.text) == (200, True), page.text
                    for _ in range(2):
                        me = (await browser.get("/api/me")).json()
                        assert (me["sub"], me["roles"], me["name"]) == expected
                    token = re.search(r'name="csrf_token" value="([^"]+)', page.text)[1]
                    browser.follow_redirects = False
                    await browser.post("/signout", data={"csrf_token": token})
                    assert (await browser.get("/api/me")).status_code == 401
            async with httpx2.AsyncClient(timeout=30) as machine:
                asked = {"grant_type": "password", "client_id": "cpt", "client_secret": "s3cret&", "scope": "openid"}
                asked |= {"username": "kim", "password": "secret"}
                answer = await machine.post(f"{realm}/protocol/openid-connect/token", data=asked)
                bearer = {"authorization": f"Bearer {answer.json()['access_token']}"}
                assert (await machine.get(f"{url}/api/cases", headers=bearer)).status_code == 200

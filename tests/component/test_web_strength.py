"""Staff sign in as strongly as the installation asks for; students and machines as ever (ASVS 6.8.4, 10.3.4)."""

from datetime import timedelta

import pytest

from cpt.web.options import Identity
from cpt.web.strength import Strength
from tests.component.test_web_signin import SESSION
from tests.unit.web.sample_service import SECRET, running_world

MFA = Strength(("urn:mfa", "urn:passkey"), "mfa")
STRONG = {"acr": "urn:passkey", "amr": ["pwd", "mfa"]}


@pytest.fixture
async def world(postgres):
    def identity(issuer, url):
        return Identity(issuer, url, "cpt", "s3cret&", session_secrets=[SECRET], insecure_cookies=True, strength=MFA)

    async with running_world(postgres, identify=identity) as made:
        made.issuer.person = {"sub": "dso1", "roles": ["adviser"]}
        yield made


@pytest.mark.parametrize("weak", [{}, {"acr": "urn:mfa"}, {"amr": ["mfa"]}, {"acr": "urn:pwd", "amr": ["mfa"]}, {"acr": "urn:mfa", "amr": "mfa"}])  # fmt: skip
async def test_staff_who_signed_in_weakly_are_not_let_in(world, weak):
    world.issuer.spoil = weak
    async with world.browser(signed_in=False) as browser:
        answer = await browser.get("/cases")

        assert answer.status_code == 403
        assert "not strong enough" in answer.text
        assert SESSION not in browser.cookies
    assert (await world.http.get("/api/cases", headers=world.bearer("adviser", **weak))).status_code == 401


async def test_staff_who_signed_in_strongly_are_let_in_and_the_issuer_was_asked_for_it(world):
    world.issuer.spoil = STRONG
    async with world.browser(signed_in=False) as browser:
        assert (await browser.get("/cases")).status_code == 200
    assert (await world.http.get("/api/cases", headers=world.bearer("adviser", **STRONG))).status_code == 200
    assert "acr_values=urn%3Amfa+urn%3Apasskey" in (await world.http.get("/signin")).headers["location"]


async def test_a_student_who_becomes_staff_proves_it_by_signing_in_anew(world):
    world.issuer.person = {"sub": "30012345", "roles": ["student"]}
    async with world.browser() as browser:
        world.issuer.person = {"sub": "30012345", "roles": ["student", "adviser"]}
        world.clock.offset += timedelta(minutes=5, seconds=1)

        assert (await browser.get("/api/me")).status_code == 401

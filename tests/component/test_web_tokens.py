"""Bearer tokens against a real issuer over HTTP (docs/api)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from cpt.web.oidc import Issuer, IssuerAway
from cpt.web.tokens import BadToken, TokenChecker
from tests.unit.web.issuer_stand_in import StandInIssuer, new_key
from tests.unit.web.sample_service import TestClock
from tests.unit.web.serving import served


class Seconds:
    """A monotonic clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Desk:
    def __init__(self, issuer: StandInIssuer, http: httpx2.AsyncClient) -> None:
        self.issuer = issuer
        self.seconds = Seconds()
        self.checker = TokenChecker(Issuer(issuer.url, http, self.seconds), "intake", issuer.clock)

    async def check(self, token: str) -> dict[str, Any]:
        return await self.checker.claims(token)


@pytest.fixture(scope="module")
async def issuer() -> AsyncIterator[StandInIssuer]:
    made: list[StandInIssuer] = []

    def app(url: str) -> Any:
        made.append(StandInIssuer(url, TestClock()))
        return made[0].app()

    async with served(app):
        yield made[0]


@pytest.fixture
async def desk(issuer) -> AsyncIterator[Desk]:
    issuer.away, issuer.keys, issuer.key_reads = False, issuer.keys[:1], 0
    async with httpx2.AsyncClient() as http:
        yield Desk(issuer, http)


async def test_a_token_of_the_issuer_for_this_service_is_good_by_a_shifted_clock(desk):
    assert (await desk.check(desk.issuer.token("30012345")))["sub"] == "30012345"


async def test_es256_is_accepted_beside_rs256(desk):
    desk.issuer.keys.append(ECKey.generate_key("P-256", auto_kid=True))

    assert await desk.check(desk.issuer.token())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"aud": ["review"]}, "aud"),
        ({"aud": None}, "aud"),
        ({"iss": "https://elsewhere.example"}, "iss"),
        ({"lasts": -60}, "expired"),
        ({"exp": None}, "exp"),
        ({"exp": "tomorrow"}, "exp"),
        ({"sub": None}, "sub"),
        ({"sub": 30012345}, "sub"),
        ({"sub": "3001\0"}, "sub"),
        ({"sub": "3" * 501}, "sub"),
        ({"sub": ""}, "sub"),
    ],
)
async def test_a_token_with_a_wrong_claim_is_refused_by_name_of_the_claim(desk, change, words):
    with pytest.raises(BadToken, match=words):
        await desk.check(desk.issuer.token(**change))


async def test_a_token_from_the_future_is_refused(desk):
    later = int((desk.issuer.clock() + timedelta(hours=1)).timestamp())

    with pytest.raises(BadToken, match="nbf"):
        await desk.check(desk.issuer.token(nbf=later))


async def test_clocks_may_differ_by_half_a_minute(desk):
    assert await desk.check(desk.issuer.token(lasts=-10))


async def test_a_token_signed_with_another_key_under_a_known_id_is_refused(desk):
    forger = RSAKey.import_key({**new_key().as_dict(private=True), "kid": desk.issuer.keys[0].kid})
    forged = desk.issuer.token(key=forger)

    with pytest.raises(BadToken, match="signature"):
        await desk.check(forged)


async def test_the_public_key_cannot_be_used_as_a_shared_secret(desk):
    public = desk.issuer.keys[0].as_dict(private=False)
    shared = OctKey.import_key({"kty": "oct", "k": public["n"]})
    good = jwt.decode(desk.issuer.token(), desk.issuer.keys[0]).claims
    forged = jwt.encode({"alg": "HS256", "kid": public["kid"]}, good, shared)

    with pytest.raises(BadToken, match="signature"):
        await desk.check(forged)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.e30", "ü.ü.ü", "e30." * 4000])
async def test_what_is_no_token_is_refused(desk, token):
    with pytest.raises(BadToken):
        await desk.check(token)


async def test_a_new_key_is_fetched_when_a_token_names_it(desk):
    await desk.check(desk.issuer.token())
    desk.issuer.keys = [new_key()]
    desk.seconds.now += 6

    assert await desk.check(desk.issuer.token())


async def test_unknown_keys_make_one_question_every_few_seconds_at_most(desk):
    await desk.check(desk.issuer.token())
    for _ in range(5):
        with pytest.raises(BadToken, match="key"):
            await desk.check(desk.issuer.token(key=new_key()))

    assert desk.issuer.key_reads == 1


async def test_a_withdrawn_key_is_forgotten_after_a_while(desk):
    withdrawn = desk.issuer.keys[0]
    await desk.check(desk.issuer.token())
    desk.issuer.keys = [new_key()]
    desk.seconds.now += 700

    with pytest.raises(BadToken, match="key"):
        await desk.check(desk.issuer.token(key=withdrawn))


async def test_known_keys_survive_the_issuer_being_away(desk):
    await desk.check(desk.issuer.token())
    desk.issuer.away = True
    desk.seconds.now += 10_000

    assert await desk.check(desk.issuer.token())


async def test_without_any_key_the_issuer_is_away_and_asked_again_soon(desk):
    desk.issuer.away = True
    with pytest.raises(IssuerAway):
        await desk.check(desk.issuer.token())

    desk.issuer.away = False
    desk.seconds.now += 2

    assert await desk.check(desk.issuer.token())

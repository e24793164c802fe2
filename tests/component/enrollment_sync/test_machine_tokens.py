"""Nobody without the registrar's own good token tells, asks or learns anything of campus events (docs/api, P36)."""

from datetime import UTC, datetime

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from cpt.messaging.delivery import Delivery
from infra.campus.tokens import load_or_create_key
from tests.campus_events import as_record
from tests.component.enrollment_sync.test_http import a_cloud_event, post
from tests.component.enrollment_sync.told import submitted

CALLS = {
    "send": ("POST", "/campus/events", a_cloud_event()),
    "validate": ("POST", "/campus/events/validate", a_cloud_event()),
    "receipt": ("GET", "/campus/events?source=/spire/enrollment&id=ev-1", None),
}
NOT_GOOD = {
    "expired": {"exp": -60},
    "without an end": {"exp": None},
    "not yet good": {"nbf": 600},
    "for another service": {"aud": ["intake", "review", "notifier"]},
    "for nobody": {"aud": None},
    "of another issuer": {"iss": "https://elsewhere.example/oidc"},
    "of no machine": {"sub": None},
}
FOREIGN = {
    "without roles": [],
    "of Handshake's machine": ["handshake"],
    "of people": ["student", "adviser", "director", "compliance"],
    "nearly so called": ["Registrar", "registrar "],
}


@pytest.fixture
def signed(issuer, campus_folder):
    """A registrar's token as the issuer signs it; times are seconds from now, None leaves a claim out."""
    key = load_or_create_key(campus_folder)

    def make(by=key, **other):
        now = int(datetime.now(UTC).timestamp())
        other |= {name: now + other[name] for name in ("exp", "nbf") if isinstance(other.get(name), int)}
        good = {"iss": issuer.issuer, "aud": ["enrollment-sync"], "sub": "registrar", "exp": now + 600}
        claims = {name: value for name, value in (good | {"roles": ["registrar"]} | other).items() if value is not None}
        token = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, by)
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents+json"}

    return make


@pytest.fixture
async def known(sync):
    """There is something to learn: the event has come."""
    await sync.hear(submitted())
    await Delivery(sync.consumer, sync.database)([as_record(a_cloud_event(), "campus.enrollment", "30012345", 0)])
    await sync.empty()


async def each(web, headers):
    """The status of every call, and all that was said."""
    answers = [await web.request(method, path, json=body, headers=headers) for method, path, body in CALLS.values()]
    return [answer.status_code for answer in answers], "".join(answer.text for answer in answers)


async def test_a_good_token_of_the_registrar_opens_every_call(web, signed, known):
    """The others differ from this one by what their name says."""
    statuses, said = await each(web, signed())

    assert (statuses, "processed" in said) == ([202, 200, 200], True)


@pytest.mark.parametrize("claims", NOT_GOOD.values(), ids=NOT_GOOD)
async def test_a_token_that_is_not_good_here_opens_nothing(web, signed, known, sync, claims):
    statuses, said = await each(web, signed(**claims))

    assert statuses == [401] * 3
    assert await untouched(sync, said)


async def test_a_token_by_another_key_under_the_issuers_name_opens_nothing(web, signed, known, sync):
    statuses, said = await each(web, signed(by=RSAKey.generate_key(2048)))

    assert statuses == [401] * 3
    assert await untouched(sync, said)


@pytest.mark.parametrize("others", FOREIGN.values(), ids=FOREIGN)
async def test_a_token_without_the_registrars_role_opens_nothing(web, signed, known, sync, others):
    statuses, said = await each(web, signed(roles=others))

    assert statuses == [403] * 3
    assert await untouched(sync, said)


async def untouched(sync, said):
    return await sync.rows("SELECT FROM outbox") == [] and "processed" not in said and "30012345" not in said


async def test_operations_may_ask_what_became_of_an_event_and_tell_none(web, signed, known, sync):
    statuses, _ = await each(web, signed(roles=["operations"]))

    assert statuses == [403, 403, 200]
    assert await sync.rows("SELECT FROM outbox") == []


async def test_a_kept_id_with_other_words_has_no_effect_and_its_receipt_stays_the_first(web, signed, known, sync):
    """P31, P36: whoever sends a known id again changes nothing, neither by the event nor by asking about it."""
    event = a_cloud_event()
    other = event | {"data": event["data"] | {"source_seq": event["data"]["source_seq"] + 1}}
    before = await seen(web, signed, sync)

    assert (await web.post("/campus/events/validate", json=other, headers=signed())).status_code == 200
    assert (await post(web, signed(), other, "application/cloudevents+json")).status_code == 202
    await Delivery(sync.consumer, sync.database)([as_record(other, "campus.enrollment", "30012345", 1)])

    assert await seen(web, signed, sync) == before


async def seen(web, signed, sync):
    answer = await web.get(CALLS["receipt"][1], headers=signed())
    return answer.json(), await sync.rows("SELECT * FROM registrar_event ORDER BY 1")

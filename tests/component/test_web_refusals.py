"""Refusals as problem documents and as pages, over real HTTP (docs/api)."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from infra.devstack.patience import stretched
from tests.unit.web.sample_service import PAGE, World, running_world

SECRETIVE = "plainly-secret-value"


@pytest.fixture(scope="module")
async def world(postgres) -> AsyncIterator[World]:
    async with running_world(postgres) as running:
        yield running


async def problem(answer, status, code):
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    return body


async def test_every_wrong_field_is_named_at_once_by_its_path_without_its_value(world):
    body = {
        "employer": 7, "hours": SECRETIVE, "places": [{"city": "A\x00"}, {}], SECRETIVE[:7]: 1, "start": SECRETIVE,
    }  # fmt: skip
    answer = await world.http.post("/api/offers", json=body, headers=world.bearer())
    found = await problem(answer, 422, "invalid")

    fields = {error["field"]: error["code"] for error in found["errors"]}
    assert fields.keys() == {"employer", "hours", "start", "places.0.city", "places.1.city", "plainly"}
    assert fields["plainly"] == "extra_forbidden"
    assert fields["places.1.city"] == "missing"
    assert SECRETIVE not in answer.text


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe{", b'{"a": ' + b"[" * 9000, b"nonsense"])
async def test_unreadable_json_is_422(world, body):
    headers = {**world.bearer(), "content-type": "application/json"}

    await problem(await world.http.post("/api/offers", content=body, headers=headers), 422, "unreadable_json")


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer x.y.z"}])
async def test_who_is_not_known_is_401_before_anything_is_said_of_the_body(world, headers):
    answer = await world.http.post("/api/offers", content=b"{", headers={**headers, "content-type": "application/json"})

    await problem(answer, 401, "unauthenticated")


async def test_a_body_that_is_not_json_is_415(world):
    headers = {**world.bearer(), "content-type": "text/plain"}

    answer = await world.http.post("/api/offers", content="{}", headers=headers)

    await problem(answer, 415, "unsupported_media_type")


async def test_an_empty_body_is_a_missing_field(world):
    found = await problem(await world.http.post("/api/offers", headers=world.bearer()), 422, "invalid")

    assert found["errors"] == [{"field": "body", "code": "missing", "message": "This field is required."}]


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer x.y.z"}, {"authorization": "Basic eDp5"}])
async def test_no_or_bad_token_is_401_with_a_challenge(world, headers):
    answer = await world.http.get("/api/me", headers=headers)

    await problem(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("roles", "status"),
    [
        (["adviser"], 200), (["director"], 200), (["student", "adviser"], 200), (["student"], 403),
        (["compliance"], 403), (["operations"], 403), (["registrar"], 403), (["root"], 403), ([], 403),
    ],
)  # fmt: skip
async def test_a_call_is_open_to_its_roles_and_403_to_all_others(world, roles, status):
    headers = {"authorization": f"Bearer {world.issuer.token(roles=roles)}"}

    assert (await world.http.get("/api/cases", headers=headers)).status_code == status


@pytest.mark.parametrize(
    ("path", "sub", "roles", "words", "actor"),
    [
        ("/api/cases", "30012345", ["student"], {}, None),
        ("/cases", "c.lee", ["compliance"], {}, "c.lee"),
        ("/api/cases", "30012345", [], {}, None),
        ("/api/cases", "d.reed", ["adviser"], {"aud": "review"}, None),
    ],
)
async def test_refused_access_is_logged_with_its_reason_and_never_with_a_student(world, path, sub, roles, words, actor):
    """Case 66, ASVS 16.3.2: one line, also where a page was asked for."""
    token = world.issuer.token(sub, roles=roles, **words)
    with capture_logs() as lines:
        answer = await world.http.get(path, headers={"authorization": f"Bearer {token}", **PAGE})

    (line,) = [line for line in lines if line["event"] == "access_refused"]
    assert (line["method"], line["actor"]) == ("GET", actor)
    assert (line["route"], line["roles"]) == (path, [] if words else roles)
    assert (line["code"], "aud" in line["reason"]) == (("unauthenticated", True) if words else ("forbidden", False))
    assert "30012345" not in str(line)
    assert answer.status_code in {401, 403}


async def test_who_has_not_signed_in_yet_is_led_there_and_is_no_refusal(world):
    """ASVS 16.3.2: the API tells of it, a page does not."""
    with capture_logs() as lines:
        assert (await world.http.get("/cases", headers=PAGE)).status_code == 303
        assert (await world.http.get("/api/cases")).status_code == 401

    assert [line["route"] for line in lines if line["event"] == "access_refused"] == ["/api/cases"]


async def test_someone_elses_request_does_not_exist_except_for_readers(world):
    assert (await world.http.get("/api/requests/30012345", headers=world.bearer())).status_code == 200
    await problem(await world.http.get("/api/requests/30099999", headers=world.bearer()), 404, "not_found")
    assert (await world.http.get("/api/requests/30099999", headers=world.bearer("adviser"))).status_code == 200


async def test_an_unknown_address_is_404_and_a_wrong_method_405_naming_the_right_one(world):
    await problem(await world.http.get("/api/nothing"), 404, "not_found")
    answer = await world.http.delete("/api/me")

    await problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize("path", ["/api/me/", "/api", "/api/"])
async def test_the_api_never_redirects_not_even_a_browser(world, path):
    assert (await world.http.get(path, headers=PAGE)).status_code == 404
    assert (await world.http.get("/api/me", headers=PAGE)).status_code == 401


async def test_an_unforeseen_fault_is_500_without_details_and_logged_without_data(world, capfd, caplog):
    answer = await world.http.get("/api/broken")

    found = await problem(answer, 500, "internal_error")
    said = "".join(capfd.readouterr()) + caplog.text
    assert "30012345" not in answer.text + said
    assert found["detail"].removeprefix("Reference: ") in said
    assert "RuntimeError" in said


async def test_a_fault_that_passes_by_itself_is_503_with_a_time_to_come_back(world):
    answer = await world.http.get("/api/database-away")

    await problem(answer, 503, "unavailable")
    assert answer.headers["retry-after"] == "5"


async def test_a_refusal_of_the_domain_is_the_problem_that_the_service_says_it_is(world):
    await problem(await world.http.get("/api/refused"), 409, "not_yours")


@pytest.mark.parametrize("key", ["", "x" * 201, "\x07", "tab\there", "ü".encode()])
async def test_an_idempotency_key_is_1_to_200_printable_characters(world, key):
    found = await problem(await world.http.post("/api/keyed", headers={"idempotency-key": key}), 422, "invalid")

    assert found["errors"][0]["field"] == "Idempotency-Key"


async def test_a_good_idempotency_key_arrives_as_it_was_sent(world):
    for key in ("x", "a b", "~" * 200):
        assert (await world.http.post("/api/keyed", headers={"idempotency-key": key})).json() == {"key": key}


@pytest.mark.parametrize(("path", "status"), [("/nothing", 404), ("/broken", 500), ("/signin/callback", 400)])
async def test_a_browser_gets_a_page_that_says_what_to_do(world, path, status):
    answer = await world.http.get(path, headers=PAGE)

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1>" in answer.text
    assert 'href="/"' in answer.text
    assert "30012345" not in answer.text


async def test_the_api_is_described_with_its_refusals_and_needs_no_host_of_others(world):
    document = (await world.http.get("/openapi.json")).json()

    assert "application/problem+json" in document["paths"]["/api/offers"]["post"]["responses"]["4XX"]["content"]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert "/signin" not in document["paths"]
    assert (await world.http.get("/docs")).status_code == 404


async def test_at_most_fifty_faults_are_named_and_the_others_counted(world):
    """docs/connect.md: an answer is never many times as large as what was sent."""
    body = {"employer": "B", "hours": 20, "start": "2026-09-14", **{f"x{number}": 1 for number in range(1_000)}}
    answer = await world.http.post("/api/offers", json=body, headers=world.bearer())
    found = await problem(answer, 422, "invalid")

    assert len(found["errors"]) == 50
    assert found["more_errors"] >= 950


async def test_two_lengths_of_one_body_end_the_connection(world):
    """What comes behind it could be read as a request of somebody else."""
    host, port = world.http.base_url.host, world.http.base_url.port
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(
        b"POST /api/offers HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/offers HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    async with asyncio.timeout(stretched(10)):
        answers = await reader.read()
    writer.close()

    assert answers.startswith(b"HTTP/1.1 400")
    assert answers.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    "body",
    [
        b'{"employer": "A", "hours": 20, "start": "2026-09-14", "hours": 40}',
        b'{"employer": "A", "hours": 20, "start": "2026-09-14", "places": [{"city": "B", "\\u0063ity": "C"}]}',
    ],
)
async def test_a_field_given_twice_is_refused_and_not_read_in_one_of_two_ways(world, body):
    kind = {"content-type": "application/json"}

    found = await problem(
        await world.http.post("/api/offers", content=body, headers=world.bearer() | kind), 422, "unreadable_json"
    )
    assert "twice" in found["detail"]
    await problem(await world.http.post("/api/offers", content=body, headers=kind), 401, "unauthenticated")


async def test_a_field_of_a_form_given_twice_is_refused_unless_it_is_a_list(world):
    kind = world.bearer() | {"content-type": "application/x-www-form-urlencoded"}

    twice = await world.http.post("/rename", content=b"name=A&name=B", headers=kind)
    several = await world.http.post("/choose", content=b"name=A&name=B", headers=kind)

    await problem(twice, 400, "bad_request")
    assert several.json() == {"names": ["A", "B"]}

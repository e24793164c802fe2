"""What one student may have here at a time (docs/security.md)."""

import asyncio

import httpx2
import pytest

from intake.app import build_web
from intake.settings import QuotaSettings
from intake.student.quotas import QuotaReached, Quotas
from intake.student.save_draft import find_draft, save_draft
from tests.component.intake.conftest import STUDENT, a_letter, an_application
from tests.unit.web.serving import served

OTHER = "30099999"


@pytest.fixture
async def ask(intake, web_settings, campus):
    """`await ask(method, path, sub=…)` over a real socket, with room for two requests and two files."""
    web_settings.quotas = QuotaSettings(open_requests=2, uploads=2)
    app = build_web(web_settings, clock=lambda: intake.now)
    async with served(lambda _: app) as url, httpx2.AsyncClient(base_url=url) as client:

        async def asked(method, path, sub=STUDENT, **more):
            got = await client.post(f"{campus.url}/demo/token", json={"sub": sub, "roles": ["student"]})
            headers = {"Authorization": f"Bearer {got.json()['access_token']}", **more.pop("headers", {})}
            return await client.request(method, path, headers=headers, **more)

        yield asked


async def submitted(ask, key, sub=STUDENT):
    return await ask("POST", "/api/requests", sub, json=an_application(), headers={"Idempotency-Key": key})


async def test_a_student_has_so_many_open_requests_and_is_told_what_to_do(ask):
    """Also where they are sent at the same moment; the same one sent again is no new one (case 43)."""
    answers = await asyncio.gather(*(submitted(ask, f"k{n}") for n in range(5)))
    taken = [answer.json() for answer in answers if answer.status_code == 201]
    refused = [answer.json() for answer in answers if answer.status_code == 409]

    assert len(taken) == 2
    assert [one["code"] for one in refused] == ["too_many_requests_open"] * 3
    assert "Withdraw one" in refused[0]["detail"]
    assert (await submitted(ask, "k-other", OTHER)).status_code == 201
    again = next(n for n, answer in enumerate(answers) if answer.status_code == 201)
    assert (await submitted(ask, f"k{again}")).status_code == 201
    await ask("POST", f"/api/requests/{taken[0]['request_id']}/withdraw")
    assert (await submitted(ask, "k-new")).status_code == 201


async def test_a_student_uploads_so_many_files_a_day(ask, intake):
    request_id = (await submitted(ask, "k1")).json()["request_id"]

    async def upload(words):
        path = f"/api/requests/{request_id}/documents/offer_letter"
        return await ask("PUT", path, content=a_letter(job_title=words), headers={"Content-Type": "application/pdf"})

    assert [(await upload(words)).status_code for words in ("one", "two")] == [200, 200]
    refused = await upload("three")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_uploads")
    assert refused.headers["Retry-After"] == "86400"
    assert len((await ask("GET", f"/api/requests/{request_id}")).json()["history"]) == 3


async def test_a_draft_is_never_longer_than_it_may_be_and_keeps_what_it_was(intake):
    quotas = Quotas(draft_bytes=100)
    async with intake.database.transaction() as connection:
        await save_draft(connection, STUDENT, ["employer"], {"employer": "Baystate"}, intake.now, quotas)

    with pytest.raises(QuotaReached, match="Shorten"):
        async with intake.database.transaction() as connection:
            await save_draft(connection, STUDENT, ["duties"], {"duties": "x" * 90}, intake.now, quotas)

    async with intake.database.connection() as connection:
        assert (await find_draft(connection, STUDENT)).typed == {"employer": "Baystate"}

"""Who may call what in notifier, cell by cell (docs/authorization.md)."""

import asyncpg
import httpx2
import pytest

from tests import authorization
from tests.unit.notifier.events import issued

SAID = {"POST /api/notices/{notice_id}/bounced": {"json": {"reason": "550 no"}}}


@pytest.fixture
async def ask(app, issuer):
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://notifier.test") as client:

        async def ask(role, sub, method, path, **words):
            token = {"Authorization": f"Bearer {issuer.token(sub, [role])}"} if role else {}
            return await client.request(method, path, headers=token, **words)

        yield ask


@pytest.fixture
async def administrator(database_url):
    connection = await asyncpg.connect(database_url, server_settings={"search_path": "notifier"})
    yield connection
    await connection.close()


@pytest.fixture
def seed(notifier, administrator):
    seeded = []

    async def seed(call, owner):
        seeded.append(call)
        await notifier.hear(issued(request_id=f"request-{len(seeded)}"))
        await notifier.send()
        parked_id, seq = [await administrator.fetchval(row) for row in authorization.parked_rows("notifier")]
        notice_id = (await notifier.notices())[-1]["id"]
        return {"own": "nothing", "notice_id": notice_id, "parked_id": parked_id, "seq": seq}

    return seed


async def test_every_call_answers_each_role_as_the_table_says(app, ask, seed):
    """Interfaces, exact answers: 401 without a token, 403 for a wrong role."""
    table, nobody = await authorization.answers(app, ask, seed, SAID)

    authorization.assert_documented("notifier", table)
    assert set(nobody.values()) == {401}


async def test_every_page_opens_for_the_roles_of_the_table(app, ask):
    table, nobody = await authorization.page_answers(app, ask)

    authorization.assert_documented("notifier, pages", table)
    assert set(nobody.values()) <= {303, 401}

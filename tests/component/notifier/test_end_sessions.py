"""An administrator ends sessions at a terminal, with the rights of the web process (ASVS 7.4.5)."""

from datetime import timedelta

import pytest
from pydantic import SecretStr

from cpt.postgres import Database
from cpt.runtime.actor import ACTOR
from cpt.runtime.end_sessions import end_sessions_command
from tests.unit.notifier.events import NOW


@pytest.fixture
def settings(notifier, roles):
    postgres = notifier.settings.postgres.model_copy(update={"dsn": SecretStr(roles["web"])})
    return lambda: notifier.settings.model_copy(update={"postgres": postgres})


@pytest.fixture
async def web(settings):
    database = Database(settings().postgres, "notifier", "tests")
    await database.open()
    yield database
    await database.close()


async def test_the_command_ends_the_sessions_of_a_person_and_is_kept_in_the_record(settings, web, notifier, capsys):
    ACTOR.set("kim")
    await signed_in(web, "ops1", "ops2")
    command = end_sessions_command("notifier", settings)

    assert await command(["ops1"]) == 0
    assert await left(web) == ["ops2"]
    assert await command(["--everybody"]) == 0
    assert await left(web) == []
    assert capsys.readouterr().out.splitlines() == ["1 sessions were ended."] * 2
    async with notifier.database.connection() as connection:
        acts = await connection.fetch("SELECT actor, detail FROM audit WHERE action = 'sessions_ended' ORDER BY id")
    assert [act["detail"] for act in acts] == [{"ended": 1, "everybody": everybody} for everybody in (False, True)]
    assert all(act["actor"].startswith("terminal:kim@") for act in acts)


async def test_the_command_asks_whose_sessions(settings):
    with pytest.raises(SystemExit):
        await end_sessions_command("notifier", settings)([])


async def signed_in(web, *subs):
    async with web.transaction() as connection:
        for sub in subs:
            await connection.execute(
                "INSERT INTO browser_session VALUES ($1, $2, '{operations}', '', $3, NULL, $3)",
                sub.encode(), sub, NOW + timedelta(hours=1),
            )  # fmt: skip


async def left(web):
    async with web.connection() as connection:
        return [row["sub"] for row in await connection.fetch("SELECT sub FROM browser_session")]

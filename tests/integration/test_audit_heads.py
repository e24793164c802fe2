"""The command that proves the audit record compares it with what the service told to Kafka (P40)."""

from pydantic import SecretStr

from cpt.audit.chain import Head
from cpt.audit.published_heads import read_published_heads
from cpt.audit.seal import SealAudit
from cpt.contracts.audit import ReviewAuditSealed
from cpt.contracts.envelope import headers_of
from cpt.postgres import PostgresSettings
from cpt.runtime.settings import Settings
from cpt.runtime.verify_audit import verify_audit_command
from intake.own_topic import read_published
from tests.integration.conftest import sending
from tests.messages import NOW, an_event

WRITE = "INSERT INTO audit (at, actor, action, subject) VALUES ($1, 'x', 'y', 'z')"


async def told_to(topic, kafka_settings, *events):
    async with sending(kafka_settings) as producer:
        for number, event in enumerate(events):
            headers = headers_of(event, event_id=f"e{number}", time=NOW, sequence=1, extra={})
            raw = [(name, text.encode()) for name, text in headers.items()]
            await producer.send_and_wait(topic, event.model_dump_json().encode(), key=event.key.encode(), headers=raw)


def head(count, digest="ab"):
    return ReviewAuditSealed(at=NOW, count=count, head=digest)


async def test_heads_are_read_from_the_beginning_of_the_topic_among_other_events(kafka_settings, topic):
    name = await topic(3)
    await told_to(name, kafka_settings, an_event(), head(1), an_event("request-2"), head(5))

    assert await read_published_heads(kafka_settings, ReviewAuditSealed, name) == [Head(1, "ab"), Head(5, "ab")]


async def test_the_command_says_what_was_cut_and_what_it_compared_with(
    database, database_url, kafka_settings, topic, capsys
):
    """Promise 11: exit code 2 while no head is known, 0 for a whole record, 1 when the told end is gone."""
    name = await topic()
    event = type("Here", (ReviewAuditSealed,), {"TOPIC": name, "__module__": __name__})
    settings = Settings(postgres=PostgresSettings(dsn=SecretStr(database_url)), kafka=kafka_settings)
    command = verify_audit_command("demo", lambda: settings, event)
    async with database.transaction() as connection:
        await connection.execute(WRITE, NOW)
    await SealAudit(database, event, lambda: NOW).step()
    async with database.connection() as connection:
        row = await connection.fetchrow("SELECT payload FROM outbox")

    assert await command([]) == 2
    await told_to(name, kafka_settings, event.model_validate_json(row["payload"]))
    assert await command([]) == 0
    await told_to(name, kafka_settings, head(2))
    assert await command([]) == 1
    assert "the end was cut: 2 rows were sealed and told, 1 seals are left" in capsys.readouterr().out


async def test_after_a_restore_the_highest_number_told_is_found(kafka_settings, topic):
    """P39: by a header, whatever the body holds."""
    name = await topic(3)
    async with sending(kafka_settings) as producer:
        for number in (b"7", b"12", b"x"):
            await producer.send_and_wait(name, b"{", key=number, headers=[("ce_receiptnumber", number)])

    assert (await read_published(kafka_settings, name)).number == 12

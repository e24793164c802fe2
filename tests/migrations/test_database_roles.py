"""Each process's role may do what its queries need and nothing else (docs/database-roles.md)."""

from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from cpt.messaging.outbox import sql as messaging
from cpt.postgres.grants import KINDS, read_grants
from cpt.postgres.migrations import migrate
from infra.database_roles.matrix import folder_of
from infra.devstack.child import running
from infra.devstack.databases import CONNECTIONS, SERVICES, databases
from infra.devstack.postgres import postgres

HELD = """
SELECT c.relname, c.relkind, string_agg(verb, ' ' ORDER BY position) AS verbs
  FROM pg_class c, unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER,USAGE}'::text[])
                   WITH ORDINALITY AS listed (verb, position)
 WHERE c.relnamespace = $1::regnamespace AND CASE
       WHEN c.relkind IN ('r', 'p') AND verb <> 'USAGE' THEN has_table_privilege($2, c.oid, verb)
       WHEN c.relkind = 'S' AND verb IN ('USAGE', 'SELECT', 'UPDATE') THEN has_sequence_privilege($2, c.oid, verb) END
 GROUP BY 1, 2"""


@pytest.fixture
async def admin(database_url):
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


def role_of(dsn):
    return dsn.partition("//")[2].partition(":")[0]


@pytest.mark.parametrize("service", SERVICES)
async def test_a_migrated_schema_gives_each_role_exactly_the_table_and_verbs_of_the_page(service_roles, admin, service):
    roles = await service_roles(service)
    await migrate(roles["migrate"], service, folder_of(service))

    for kind in KINDS:
        held = await admin.fetch(HELD, service, role_of(roles[kind]))
        assert {row["relname"]: row["verbs"] for row in held} == read_grants(folder_of(service))[kind]


async def test_no_role_reaches_the_schema_of_another_service(service_roles):
    roles = {service: await service_roles(service) for service in SERVICES}
    for service in SERVICES:
        await migrate(roles[service]["migrate"], service, folder_of(service))
    for service, dsns in roles.items():
        for dsn in dsns.values():
            connection = await asyncpg.connect(dsn)
            for other in set(SERVICES) - {service}:
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match="schema"):
                    await connection.fetch(f"SELECT FROM {other}.audit")
            await connection.close()


async def test_no_number_of_another_service_stops_the_relay(service_roles):
    """An advisory lock was one that any role could take; the row of a schema is not."""
    roles = {service: await service_roles(service) for service in ("intake", "review")}
    for service, own in roles.items():
        await migrate(own["migrate"], service, folder_of(service))
    hostile = await asyncpg.connect(roles["review"]["web"])
    await hostile.execute("SELECT pg_advisory_lock(hashtextextended('intake.outbox', 0))")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await hostile.fetch("SELECT FROM intake.lock_row FOR UPDATE")

    worker = await asyncpg.connect(roles["intake"]["worker"], server_settings={"search_path": "intake"})
    assert await worker.fetchval(messaging.try_relay_lock)
    await hostile.close()
    await worker.close()


@pytest.fixture(scope="module")
async def stacks_roles(tmp_path_factory):
    """As `make up` makes them, and docs/kubernetes.md says: on a server and in a database of their own, twelve roles."""
    folder = tmp_path_factory.mktemp("server")
    async with (
        postgres(folder / "postgres", folder / "log", durable=False) as (program, admin),
        running(program),
        databases(admin, "closed") as (_, addresses),
    ):
        yield addresses


EACH_ROLE = [(service, kind) for service in SERVICES for kind in CONNECTIONS]


@pytest.mark.parametrize(("service", "kind"), EACH_ROLE)
async def test_a_role_has_few_connections_and_nothing_beside_its_schema(stacks_roles, service, kind):
    """Large objects and advisory locks belong to no schema; the server's last connection is nobody's."""
    role = await asyncpg.connect(stacks_roles[service, kind])
    for call in ("lo_create(0)", "lo_from_bytea(0, '')", "pg_advisory_lock(1)", "pg_try_advisory_xact_lock(1)"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await role.fetch(f"SELECT {call}")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await role.execute("CREATE TEMPORARY TABLE anything ()")
    assert await role.fetchval("SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user") == CONNECTIONS[kind]
    await role.close()


@pytest.mark.parametrize("database", ["postgres", "template1"])
@pytest.mark.parametrize(("service", "kind"), EACH_ROLE)
async def test_no_role_signs_in_to_a_database_that_is_not_ours(stacks_roles, service, kind, database):
    elsewhere = urlsplit(stacks_roles[service, kind])._replace(path=f"/{database}")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
        await asyncpg.connect(urlunsplit(elsewhere))


async def test_a_connection_beyond_the_limit_of_its_role_is_refused_and_another_role_has_its_own(stacks_roles):
    dsn = stacks_roles["notifier", "migrate"]
    held = [await asyncpg.connect(dsn) for _ in range(CONNECTIONS["migrate"])]
    try:
        with pytest.raises(asyncpg.TooManyConnectionsError):
            await asyncpg.connect(dsn)
        held.append(await asyncpg.connect(stacks_roles["notifier", "web"]))
    finally:
        for connection in held:
            await connection.close()


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("kind", KINDS)
async def test_no_process_can_change_or_delete_what_was_audited(service_roles, service, kind):
    """P40: by rights, beside the trigger and the chain; nor can it take the trigger away."""
    roles = await service_roles(service)
    await migrate(roles["migrate"], service, folder_of(service))
    connection = await asyncpg.connect(roles[kind], server_settings={"search_path": service})

    for act in (
        "UPDATE audit SET actor = 'x'",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "UPDATE audit_seal SET previous = ''",
        "CREATE TABLE anything ()",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(act)
    await connection.close()


async def test_rights_are_added_before_a_deployment_and_taken_away_after_it(service_roles, admin, tmp_path):
    """The old code runs on while the new one is rolled out."""
    roles = await service_roles("demo")

    def folder(**grants):
        (tmp_path / "0001_pre_a.sql").write_text("CREATE TABLE a (x int)")
        (tmp_path / "grants.toml").write_text("[web]\n" + "".join(f'{t} = "{v}"\n' for t, v in grants.items()))
        return Path(tmp_path)

    async def held():
        return {row["relname"]: row["verbs"] for row in await admin.fetch(HELD, "demo", role_of(roles["web"]))}

    await migrate(roles["migrate"], "demo", folder(a="SELECT"))
    await migrate(roles["migrate"], "demo", folder(a="INSERT", not_yet_there="SELECT"), ("pre",))
    assert await held() == {"a": "SELECT INSERT"}

    await migrate(roles["migrate"], "demo", folder(a="INSERT"))
    assert await held() == {"a": "INSERT"}

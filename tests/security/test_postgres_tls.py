"""PostgreSQL is spoken to over TLS, and only with a server whose certificate the named authority signed."""

import shutil
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from pydantic import SecretStr

from cpt.postgres import Database, PostgresSettings
from cpt.postgres.migrations import migrate
from infra.devstack.child import running
from infra.devstack.postgres import postgres
from tests.certificates import write_certificates


@pytest.fixture(scope="module")
async def guarded(tmp_path_factory):
    """A server that admits nobody without TLS: `guarded(**parameters)` is its address with these parameters."""
    folder = write_certificates(tmp_path_factory.mktemp("tls"))
    async with postgres(folder / "postgres", folder / "log", durable=False) as (program, address):
        for name in ("server.pem", "key.pem"):
            shutil.copy(folder / name, program.folder / name)
            (program.folder / name).chmod(0o600)
            if program.user:
                shutil.chown(program.folder / name, program.user)
        (program.folder / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n")
        options = ("-cssl=on", "-cssl_cert_file=server.pem", "-cssl_key_file=key.pem")
        async with running(replace(program, command=(*program.command, *options))):
            yield lambda **given: f"{address}?{urlencode(given)}", folder


async def carried(dsn):
    """How this very connection is encrypted; the pool of every process is opened like this."""
    database = Database(PostgresSettings(dsn=SecretStr(dsn)), "public", "tests")
    await database.open()
    try:
        async with database.connection() as connection:
            return await connection.fetchval("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    finally:
        await database.close()


async def test_a_process_and_its_migrations_reach_the_server_that_its_authority_signed(guarded, tmp_path):
    """`sslmode` and `sslrootcert` in CPT_POSTGRES__DSN."""
    address, folder = guarded
    dsn = address(sslmode="verify-full", sslrootcert=folder / "ca.pem")

    assert (await carried(dsn)).startswith("TLSv1.")
    assert await migrate(dsn, "demo", tmp_path)


@pytest.mark.parametrize(
    ("host", "parameters"),
    [
        ("127.0.0.1", {"sslmode": "disable"}),
        ("127.0.0.1", {"sslmode": "verify-full", "sslrootcert": "another"}),
        ("localhost", {"sslmode": "verify-full", "sslrootcert": "ca.pem"}),
    ],
    ids=["without TLS", "signed by another", "under another name"],
)
async def test_nobody_gets_in_or_is_trusted_otherwise(guarded, tmp_path, host, parameters):
    address, folder = guarded
    (tmp_path / "other").mkdir()
    files = {"another": write_certificates(tmp_path / "other") / "ca.pem", "ca.pem": folder / "ca.pem"}
    given = {name: files.get(value, value) for name, value in parameters.items()}

    with pytest.raises(Exception, match=r"no encryption|CERTIFICATE_VERIFY_FAILED|certificate verify failed"):
        await carried(address(**given).replace("@127.0.0.1", f"@{host}"))

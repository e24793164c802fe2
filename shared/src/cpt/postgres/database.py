"""A pool of connections to one service's schema, and transactions on it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias

import asyncpg
import structlog
from pydantic import BaseModel, ConfigDict, PrivateAttr, SecretStr
from pydantic_core import from_json, to_json

from cpt.crash_points import armed, reached
from cpt.postgres.errors import ReadOnly
from cpt.postgres.hosts import connect
from cpt.tracing import calling

if TYPE_CHECKING:
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
else:
    Connection = asyncpg.Connection

log = structlog.get_logger(__name__)

_JSONB_VERSION = b"\x01"
_CLOSE_SECONDS = 5.0
_READ_ONLY = "SELECT current_setting('transaction_read_only')::boolean"
_END_OVERLONG = """
SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE usename = current_user AND datname = current_database() AND pid <> pg_backend_pid()
   AND clock_timestamp() - xact_start > make_interval(secs => $1)
"""
_WROTE = "SELECT pg_current_xact_id_if_assigned() IS NOT NULL"


class PostgresSettings(BaseModel):
    """How a process reaches its schema."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    dsn: SecretStr
    """Address with the service's own role; several servers with commas: `postgresql://role@one:5432,two:5432/cpt`."""
    target_session_attrs: Literal["read-write", "any"] = "read-write"
    """Which of them is taken: the one that writes; `any` where a proxy before them decides."""
    host_timeout: float = 3.0
    """Seconds for one server to take a connection, before the next one is tried."""
    pool_size: int = 10
    """Most connections of one process."""
    acquire_timeout: float = 10.0
    """Seconds to wait for one of them; under more load than that people are asked to come back (503)."""
    connection_age: float = 300.0
    """Seconds after which a connection is made anew, so that none outlives what its name meant."""
    idle_age: float = 60.0
    """Seconds after which a connection that nobody uses is closed; a pool opens none before it is needed."""
    command_timeout: float = 30.0
    """Seconds for one statement."""
    idle_in_transaction_timeout: float = 60.0
    """Seconds after which a transaction that does nothing is ended."""
    transaction_limit: float = 900.0
    """Seconds after which a transaction is ended by the next process of the same role, whatever its own session allows."""
    _mounted: Path | None = PrivateAttr(default=None)

    def read_from(self, file: Path) -> None:
        """Of a mounted Secret, which may change while the process works."""
        self._mounted = file

    def dsn_now(self) -> str:
        """What its file says now, if it has one."""
        if self._mounted is None or not self._mounted.is_file():
            return self.dsn.get_secret_value()
        return self._mounted.read_text("utf-8").strip()


class Database:
    """The service's schema. The pool opens lazily, so that a process starts while PostgreSQL is away."""

    def __init__(self, settings: PostgresSettings, schema: str, application: str) -> None:
        self._settings, self.schema, self._application = settings, schema, application
        self._dsn = ""
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._renewed = 0.0
        self._spanned = {
            "db.system.name": "postgresql",
            "db.namespace": schema,
            "db.operation.name": "transaction",
        }

    async def open(self) -> None:
        self._dsn = self._settings.dsn.get_secret_value()
        self._pool = await asyncpg.create_pool(
            self._dsn,
            min_size=0,
            max_size=self._settings.pool_size,
            max_inactive_connection_lifetime=self._settings.idle_age,
            connect=partial(
                self._connect,
                host_timeout=self._settings.host_timeout,
                target_session_attrs=self._settings.target_session_attrs,
            ),
            command_timeout=self._settings.command_timeout,
            init=_use_json,
            reset=_leave_as_it_is,
            server_settings={
                "search_path": self.schema,
                "application_name": self._application,
                "timezone": "UTC",
                "jit": "off",  # compiling a statement took twenty times as long as running it
                "idle_in_transaction_session_timeout": f"{int(self._settings.idle_in_transaction_timeout * 1000)}",
            },
        )

    async def _connect(self, _: str, **options: Any) -> "asyncpg.Connection[asyncpg.Record]":
        """By the login of the mounted Secret where the one known so far is refused: a password changes while people work."""
        try:
            return await connect(self._dsn, **options)
        except asyncpg.InvalidPasswordError:
            mounted = self._settings.dsn_now()
            if mounted == self._dsn:
                raise
            self._dsn = mounted
            log.info("login_read_again")
            return await connect(self._dsn, **options)

    async def close(self) -> None:
        """Whoever still holds a connection has a moment to give it back."""
        if self._pool is not None:
            try:
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await self._pool.close()
            except TimeoutError:
                self._pool.terminate()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["Connection"]:
        """A connection without a transaction: for single reads. Raises `TimeoutError` when none is free in time.

        Who meets a server that does not write any more (25006) leaves all connections to it behind.
        """
        if self._pool is None:
            raise RuntimeError("the database was not opened")
        if time.monotonic() - self._renewed > self._settings.connection_age:
            await self._renew(self._pool)
        try:
            async with self._pool.acquire(timeout=self._settings.acquire_timeout) as connection:
                yield connection
        except ReadOnly:
            await self._renew(self._pool)
            raise

    async def _renew(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        """Each connection is made anew before its next use."""
        self._renewed = time.monotonic()
        await pool.expire_connections()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Connection"]:
        """Everything in the block commits together or not at all (READ COMMITTED)."""
        with calling(f"transaction {self.schema}", self._spanned):
            async with self._transaction() as connection:
                yield connection

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator["Connection"]:
        async with self.connection() as connection:
            async with connection.transaction():
                yield connection
                wrote = armed("after_commit", "before_commit") and await connection.fetchval(_WROTE)
                if wrote:
                    reached("before_commit")
            if wrote:
                reached("after_commit")

    async def ping(self) -> None:
        """Whether it can be written to. Raises `ReadOnly` where a failover left this process with the old primary."""
        async with self.connection() as connection:
            if await connection.fetchval(_READ_ONLY, timeout=2):
                raise ReadOnly("the server takes no writes")

    async def end_overlong(self) -> int:
        """How many transactions of this role, of any process, were ended: a session can lift its limits of time, but
        not those of its neighbors.
        """
        async with self.connection() as connection:
            ended = await connection.fetch(_END_OVERLONG, self._settings.transaction_limit, timeout=2)
        if ended:
            log.warning("overlong_transactions_ended", count=len(ended))
        return len(ended)


async def _use_json(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """In binary, without which a row cannot be read as one value."""
    await connection.set_type_codec("jsonb", schema="pg_catalog", format="binary", encoder=_dump, decoder=_load)


async def _leave_as_it_is(_: Any) -> None:
    """Nothing of a session outlives its transaction here: no lock, no setting, no cursor, nothing listened to. What the
    driver would send after each use to undo such things were a round trip more.
    """


def _dump(value: Any) -> bytes:
    return _JSONB_VERSION + to_json(value, by_alias=False)


def _load(data: bytes) -> Any:
    return from_json(data[1:])

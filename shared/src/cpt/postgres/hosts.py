"""One address may name several servers, of which one is the primary: `postgresql://role@one:5432,two:5432/cpt`."""

from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit, urlunsplit

import asyncpg

if TYPE_CHECKING:
    Connected: TypeAlias = asyncpg.Connection[asyncpg.Record]

ELSEWHERE = (OSError, asyncpg.CannotConnectNowError, asyncpg.TargetServerAttributeNotMatched)
"""Of a server that is away, starts or ends, or does not write: another one may do."""


async def connect(dsn: str, *, host_timeout: float = 3.0, **options: Any) -> "Connected":
    """Each server has `host_timeout` seconds of its own, which the driver would give to all of them together: one that
    is silent must not hide the next. Raises what the last one answered.
    """
    servers = split_hosts(dsn)
    for server in servers[:-1]:
        try:
            return await asyncpg.connect(server, timeout=host_timeout, **options)
        except ELSEWHERE:
            continue
    return await asyncpg.connect(servers[-1], timeout=host_timeout, **options)


def split_hosts(dsn: str) -> list[str]:
    """The same address once for each server it names."""
    if "," not in dsn:
        return [dsn]
    parts = urlsplit(dsn)
    login, at, hosts = parts.netloc.rpartition("@")
    return [urlunsplit(parts._replace(netloc=f"{login}{at}{host}")) for host in hosts.split(",")]

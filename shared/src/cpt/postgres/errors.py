"""Failures of PostgreSQL: which pass by themselves, and which is a missing right."""

import asyncpg

# SQLSTATE classes: connection, rollback (serialization, deadlock), resources, object in use, operator, system.
_PASSING_CLASSES = frozenset({"08", "40", "53", "55", "57", "58"})
# A server that became a standby, or is kept read-only on purpose; and a transaction that PostgreSQL ended before us.
# A prepared statement that another one's connection has, or lacks: a pooler stands between that lends connections by the
# transaction, which this driver cannot work with; no message is to blame. A password that is being changed.
_PASSING_STATES = frozenset({"25006", "25P01", "25P02", "25P03", "25P04", "25P05", "26000", "28P01", "42P05"})

ReadOnly = asyncpg.ReadOnlySQLTransactionError
"""The server takes no writes: it is, or has become, a standby."""

NotPermitted = asyncpg.InsufficientPrivilegeError
"""The role of this process lacks the right; docs/database-roles.md says which has it."""


def is_transient(error: BaseException) -> bool:
    """Whether trying again can help without a change of code or data."""
    if isinstance(error, asyncpg.InvalidCachedStatementError):  # a migration changed a table under this connection
        return True
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        return state[:2] in _PASSING_CLASSES or state in _PASSING_STATES
    # The driver's internal error is a connection that ended while it was spoken to.
    return isinstance(error, (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError))

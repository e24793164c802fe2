"""PostgreSQL for every service: a pool, transactions, named queries, forward-only migrations."""

from cpt.postgres.again import again
from cpt.postgres.database import Connection, Database, PostgresSettings
from cpt.postgres.errors import NotPermitted, is_transient
from cpt.postgres.queries import Queries

__all__ = ["Connection", "Database", "NotPermitted", "PostgresSettings", "Queries", "again", "is_transient"]

"""PostgreSQL for every service: a pool, transactions, named queries, forward-only migrations."""

from cpt.postgres.database import Connection, Database, PostgresSettings
from cpt.postgres.errors import NotPermitted, is_transient
from cpt.postgres.queries import Queries
from cpt.postgres.retry_transaction import again

__all__ = ["Connection", "Database", "NotPermitted", "PostgresSettings", "Queries", "again", "is_transient"]

"""PostgreSQL for every service: a pool, transactions, named queries, forward-only migrations."""

from cpt.postgres.database import Connection, Database, PostgresSettings
from cpt.postgres.errors import NotPermitted, is_transient
from cpt.postgres.queries import Queries
from cpt.postgres.retry_transaction import retry_transaction

__all__ = ["Connection", "Database", "NotPermitted", "PostgresSettings", "Queries", "is_transient", "retry_transaction"]

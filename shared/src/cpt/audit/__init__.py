"""The tamper-evident audit record: rows are chained after their commit, heads are published, all of it is verified (P40)."""

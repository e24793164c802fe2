"""The audit record that nobody can change unseen: rows chained after their commit, heads told, all of it checked (P40)."""

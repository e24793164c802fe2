"""Whether the watcher itself sees (P30)."""

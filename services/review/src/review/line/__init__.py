"""The line: every receipt number in order, one lock, one log."""

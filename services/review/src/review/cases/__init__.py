"""The cases: what advisers see and decide."""

"""Derives the least rights of each process's PostgreSQL role from the code that it can reach."""

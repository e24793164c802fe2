"""Checks: who waits for one, the SPIRE read, the answer."""

"""Checks SPIRE for every overlapped term and, after issuance, watches for what takes the course away."""

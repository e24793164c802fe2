"""Whom we watch, from the request to sixty days after its last term, and how long we remember it."""

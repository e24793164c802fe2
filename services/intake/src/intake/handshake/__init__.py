"""Handshake without an adapter: its read API and its exports become the events of agreements (A19)."""

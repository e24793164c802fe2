"""Texts that the office changes by itself."""

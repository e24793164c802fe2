"""Attacks a whole stack with seeded faults while people use it, and checks from outside that every promise held."""

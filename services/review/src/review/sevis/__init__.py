"""SEVIS batch files: drawn up by a DSO, carried to SEVIS by a DSO, and their results read back."""

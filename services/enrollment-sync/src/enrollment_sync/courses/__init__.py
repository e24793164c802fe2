"""Which courses each request rests on (A23)."""

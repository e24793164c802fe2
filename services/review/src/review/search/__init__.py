"""Finding a request, and everything about one student."""

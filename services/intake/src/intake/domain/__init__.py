"""The rules of a request: what is missing, when it is complete, what follows from an event."""

"""Students, advisers, the registrar and Handshake, by the public interfaces only; each act stands in the client log."""

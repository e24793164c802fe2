"""The simulated campus: SPIRE, registrar and Handshake, sign-in and a mail catcher, in one process on loopback."""

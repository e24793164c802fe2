"""What Handshake, SPIRE's answers and the academic calendar change."""

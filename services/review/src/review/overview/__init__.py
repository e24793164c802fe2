"""What a director steers by: who holds what, what is late, how fast the office is."""

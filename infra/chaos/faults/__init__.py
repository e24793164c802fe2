"""What can go wrong, each fault with its own end."""

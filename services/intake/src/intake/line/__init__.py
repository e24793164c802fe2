"""How requests come to their numbers, keep them and lose them."""

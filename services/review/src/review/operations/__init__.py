"""What waits for a person of operations in the other services."""

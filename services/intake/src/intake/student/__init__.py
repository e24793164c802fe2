"""What a student does with a request."""

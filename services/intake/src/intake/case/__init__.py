"""What advisers decide, as far as the student's request follows it."""

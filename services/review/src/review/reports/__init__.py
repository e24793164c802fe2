"""What became of the requests of a month: a page, a file, a mail to the director."""

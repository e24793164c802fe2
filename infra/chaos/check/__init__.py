"""Finds every broken promise from outside: client log, Kafka, the four schemas and the caught mails."""

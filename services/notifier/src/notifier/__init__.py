"""Sends the notices of CPT requests and alerts, above all the email that says that the I-20 has been issued."""

"""What was lost after issuance, and what came back."""

"""What SPIRE's read side must answer, as documents and as a command that names every deviation."""

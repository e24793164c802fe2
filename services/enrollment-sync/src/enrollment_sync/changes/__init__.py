"""What the registrar tells as it happens."""

"""The events: what travels between the services and the campus systems."""

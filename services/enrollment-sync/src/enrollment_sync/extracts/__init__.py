"""PeopleSoft without an adapter: extracts and Integration Broker messages become the registrar's events."""

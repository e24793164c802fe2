"""Gives cases to advisers strictly in order of arrival, lets them decide, and keeps the withdrawal alerts."""

"""The whole system on one machine: servers, simulated campus and the eight processes."""

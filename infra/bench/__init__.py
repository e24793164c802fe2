"""Benchmarks: what the services cost beside a hand-written floor, on this machine (docs/performance.md)."""

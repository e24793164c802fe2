"""Comparison with SPIRE's snapshots: finds what events missed, changes nothing by itself (P19)."""

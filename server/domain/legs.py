"""The legs of a matter: what a tally counts (DESIGN §3, the fold of its events, by days)."""

BEGINNINGS = frozenset({"raised", "reopened", "moved"})
ENDS = frozenset({"resolved", "explained", "unachieved", "moved"})
"""How a leg begins and ends."""

"""Which version of CONTRACT.md a phone speaks, and which of them are still taken."""

CONTRACT_VERSION = 2
"""What an app of today says in the header HEADER. It grows when an app from before could no longer be answered: a
new field alone is no reason."""

OLDEST_TAKEN = 1
"""Apps that speak an earlier one are told to update; what they hold stays on them."""

HEADER = "X-Shishibu-Contract"


def version_said(header: str | None) -> int:
    """The version that a request says; without the header (apps from before it), or with nonsense in it, 1."""
    return int(header) if header and header.isascii() and header.isdigit() and len(header) < 10 else 1

"""What was found on a phone that was taken away: to whom it is shown, and when it is enough."""

from server.domain.access import Actor
from server.domain.areas import within
from server.domain.refusals import Refusal

MOST_ENTRIES = 5_000
"""Of one user, undecided: months of work without a signal."""

MOST_BYTES = 20 * 1024 * 1024
"""The same, encrypted. Without it whoever opened a phone could fill the disk."""


def may_decide(actor: Actor, area_code: str) -> bool:
    """True for the coordinators of the place that an entry belongs to: they handle its matters anyway (P6)."""
    return any(within(area_code, own) for own in actor.areas("coordinator"))


def check_room(entries: int, size: int) -> None:
    """Refusal: handed_in_full."""
    if entries > MOST_ENTRIES or size > MOST_BYTES:
        raise Refusal("handed_in_full")

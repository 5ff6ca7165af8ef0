"""Keep what waits to be added to the tallies' cells short (server/store/cells_pending.py)."""

from contextlib import suppress

from sqlalchemy.exc import DBAPIError

from server.store.cells_pending import add_up_pending, is_due
from server.store.db import reading, writing

_ROUNDS = 5
"""Nobody waits for more than that; the next one goes on with it."""


def add_up_if_due() -> None:
    """Add up what is pending, if it is much; to whoever only reads it makes no difference but of speed."""
    for _ in range(_ROUNDS):
        if not is_due(reading()):
            return
        with suppress(DBAPIError), writing() as session:
            add_up_pending(session)


LOOK_AFTER = 50
"""Mutations: so many in one process, and what they left pending is looked at; who opens a tally always looks."""

_unlooked = 0


def add_up_now_and_then(mutations: int) -> None:
    """The same for who has written so many mutations, and waits for his answer: rarely."""
    global _unlooked
    _unlooked += mutations
    if _unlooked >= LOOK_AFTER:
        _unlooked = 0
        add_up_if_due()

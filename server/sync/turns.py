"""First syncs give way: a county's phones that are set up in one morning must not hold up who sends."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from server.domain.refusals import Refusal

MANY = 200
"""A page with fewer records is no matter; what a phone missed in a day has less."""

GIVE_WAY_S = 2.0
"""So long a page at most waits for those who push: where somebody always does, it is made all the same."""

_TURN = threading.BoundedSemaphore(1)
"""One page with many is made at a time in each process: a second would only share its core with the first, and both
their memory and the pushes' patience. A phone that has its page asks for the next while the others wait, so that who
has begun is done first."""

_pushing = 0
_nobody_pushes = threading.Condition()


@contextmanager
def turn(records: int) -> Iterator[None]:
    """Make a page with so many records, once nobody pushes in this process: its thread and its transaction wait, those
    of one page in each process. Refusal: first_sync_waiting, at once, if another is being made or waits."""
    if records < MANY:
        yield
        return
    if not _TURN.acquire(blocking=False):
        raise Refusal("first_sync_waiting")
    try:
        with _nobody_pushes:
            _nobody_pushes.wait_for(lambda: _pushing == 0, GIVE_WAY_S)
        yield
    finally:
        _TURN.release()


@contextmanager
def before_pages() -> Iterator[None]:
    """Push: no page with many records is begun meanwhile, for they would share a core, or the core be wanted as soon
    as the database lets the push go on."""
    global _pushing
    with _nobody_pushes:
        _pushing += 1
    try:
        yield
    finally:
        with _nobody_pushes:
            _pushing -= 1
            _nobody_pushes.notify_all()

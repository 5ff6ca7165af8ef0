"""Count everything again from the events: after an upgrade, and when somebody doubts a number."""

from collections.abc import Iterator
from dataclasses import dataclass

from server.actions.legs import folded
from server.store.cells_recount import make_cells
from server.store.db import writing
from server.store.legs import drop_legs, keep_legs, kept_legs
from server.store.matters import matters_after

_AT_ONCE = 2_000


@dataclass(frozen=True)
class Recounted:
    """How many matters were looked at so far, and how many of them had been kept otherwise."""

    matters: int
    mended: int


def recount() -> Iterator[Recounted]:
    """Fold every matter anew, some thousand in each transaction, and then make the cells; tells how far it is.

    Nothing may be recorded meanwhile: what is folded here would not know of it.
    """
    after, done, mended = None, 0, 0
    while True:
        with writing() as session:
            matters = matters_after(session, after, _AT_ONCE)
            if not matters:
                break
            ids = [matter.id for matter in matters]
            kept = kept_legs(session, ids)
            wrong = {
                matter_id: legs
                for matter_id, legs in folded(session, matters).items()
                if legs != kept.get(matter_id, [])
            }
            drop_legs(session, wrong.keys() & kept.keys())
            keep_legs(session, wrong)
            after, done, mended = ids[-1], done + len(ids), mended + len(wrong)
            session.expunge_all()
        yield Recounted(done, mended)
    with writing() as session:
        make_cells(session)
    yield Recounted(done, mended)

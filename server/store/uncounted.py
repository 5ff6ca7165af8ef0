"""Whether there is something that was never counted: after an upgrade from before 20261126."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.domain.lifecycle import VOID_STATES
from server.store.tables import Leg, Matter, TallyCell, TallyDelta


def anything_uncounted(session: Session) -> bool:
    """True if a matter that counts has no legs, or if there are legs and nothing was summed up: then a recount was
    never made, or did not come to its end."""
    has_legs = exists().where(Leg.matter_id == Matter.id)
    if session.scalar(select(Matter.id).where(Matter.state.not_in(VOID_STATES), ~has_legs).limit(1)) is not None:
        return True
    firsts = (Leg.matter_id, TallyCell.area_code, TallyDelta.id)
    legs, cells, pending = (session.scalar(select(first).limit(1)) is not None for first in firsts)
    return legs and not cells and not pending

"""What every writing action is given beside its command."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.access import Actor
from server.domain.times import Moment, claimed_moment
from server.store.changes import ScopeLocks


@dataclass(frozen=True)
class Writing:
    """One transaction: who acts, from which device, when he recorded it and the server heard of it, and the
    scopes it holds. `clock_offset_s` is server minus device clock."""

    session: Session
    locks: ScopeLocks
    actor: Actor
    device_id: UUID
    recorded_at: datetime
    received_at: datetime
    clock_offset_s: int

    def moment(self, claimed: datetime) -> Moment:
        """The claimed time beside the recorded and the received one; refuses what cannot be true."""
        return claimed_moment(claimed, self.recorded_at, self.received_at, self.clock_offset_s, "happened_at")

"""What every writing action is given beside its command."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.access import Actor
from server.domain.responsibilities import Rule
from server.domain.times import Moment, claimed_moment
from server.store.changes import ScopeLocks
from server.store.responsibilities import rules_of


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
    taken_in_by: UUID | None = None
    """The coordinator who took in what was found on the actor's phone."""
    lists: dict[str, list[Rule]] = field(default_factory=dict)
    """The responsibility lists that were read, by county: who changes one waits for the townships' locks."""

    def rules(self, county_code: str) -> list[Rule]:
        """Every rule that a county's responsibility list ever had."""
        if county_code not in self.lists:
            self.lists[county_code] = rules_of(self.session, county_code)
        return self.lists[county_code]

    def moment(self, claimed: datetime) -> Moment:
        """The claimed time beside the recorded and the received one; refuses what cannot be true."""
        return claimed_moment(claimed, self.recorded_at, self.received_at, self.clock_offset_s, "happened_at")

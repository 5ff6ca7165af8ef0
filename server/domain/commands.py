"""What people ask for, as plain data: made by schemas, carried out by actions.

`happened_at` is the claimed time with its offset; see domain/times.py.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class Resident:
    """Who asked, if he wanted to be named (P6)."""

    name: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class ResolvedOnTheSpot:
    """现场办结: one sentence of what changed for the resident."""

    event_id: UUID
    text: str
    rating_code: str | None = None


@dataclass(frozen=True)
class NewMatter:
    """A matter raised during a visit. `resolved` None: 待办."""

    id: UUID
    raised_event_id: UUID
    title: str
    category: str
    detail: str | None = None
    resident: Resident | None = None
    resolved: ResolvedOnTheSpot | None = None


@dataclass(frozen=True)
class RecordVisit:
    """A visit with 0..n matters."""

    id: UUID
    kind: str
    village_code: str
    happened_at: datetime
    note: str | None
    matters: list[NewMatter]


@dataclass(frozen=True)
class ActOnMatter:
    """Any act of the lifecycle table but `correct`."""

    event_id: UUID
    matter_id: UUID
    act: str
    happened_at: datetime
    text: str | None = None
    unit_id: UUID | None = None
    due_day: date | None = None
    into_id: UUID | None = None
    reason: str | None = None
    rating_code: str | None = None


@dataclass(frozen=True)
class CorrectMatter:
    """A correction: only the fields present in `changes` are meant; None empties a field. `seen`: what stood in
    them on the phone when they were changed."""

    event_id: UUID
    matter_id: UUID
    happened_at: datetime
    changes: dict[str, str | None]
    text: str | None = None
    seen: dict[str, str | None] | None = None


Command = RecordVisit | ActOnMatter | CorrectMatter

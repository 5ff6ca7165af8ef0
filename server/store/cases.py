"""The case library: what is in it, and what a matter's texts must be told without."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from server.domain.areas import ancestor
from server.domain.cases import SETTLED
from server.store.db import inserting
from server.store.tables import Area, Case, Matter

Shown = tuple[Case, str]
"""A case, and the village of its matter."""


def _is_shown() -> ColumnElement[bool]:
    return Case.withdrawn_at.is_(None) & Matter.state.in_(SETTLED)


def shown_cases(session: Session) -> Sequence[Shown]:
    """What every cadre may read, the newest first: not what was withdrawn, or whose matter is open again."""
    query = select(Case, Matter.village_code).join(Matter, Matter.id == Case.matter_id).where(_is_shown())
    return [(case, code) for case, code in session.execute(query.order_by(Case.made_at.desc(), Case.id.desc()))]


def marks_of_shown(session: Session) -> list[tuple[UUID, datetime]]:
    """Which cases are shown, and when each was last changed: what a phone need not fetch again."""
    query = select(Case.id, Case.changed_at).join(Matter, Matter.id == Case.matter_id).where(_is_shown())
    return [(case_id, at) for case_id, at in session.execute(query.order_by(Case.id))]


def find_case(session: Session, matter_id: UUID) -> Case | None:
    """The case that tells of this matter, unless it was withdrawn."""
    return session.scalar(select(Case).where(Case.matter_id == matter_id, Case.withdrawn_at.is_(None)))


def put_case(session: Session, matter_id: UUID, texts: dict[str, str], made_by: UUID, now: datetime) -> None:
    """Write the case of a matter, whoever has written it before, withdrawn or not."""
    fresh = {"id": uuid7(), "matter_id": matter_id, "made_by": made_by, "made_at": now}
    changed = {**texts, "changed_at": now, "withdrawn_at": None}
    statement = inserting(session, Case).values(**fresh, **changed)
    session.execute(statement.on_conflict_do_update(index_elements=[Case.matter_id], set_=changed))


def areas_near(session: Session, village_code: str) -> list[tuple[str, str, str]]:
    """The villages of a village's township, the townships of its county, and the county: code, level and name."""
    township, county = ancestor(village_code, "township"), ancestor(village_code, "county")
    near = or_(Area.parent_code.in_([township, county]), Area.code == county)
    rows = session.execute(select(Area.code, Area.level, Area.name).where(near))
    return [(code, level, name) for code, level, name in rows]

"""The responsibility lists: look-up."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from server.domain.areas import ancestor, level_of, prefix
from server.domain.responsibilities import Duty, Rule
from server.domain.words import RESPONSIBILITY_LEVELS
from server.store.tables import Area, Responsibility, Unit


def rules_of(session: Session, county_code: str) -> list[Rule]:
    """Every rule that a county's list ever had, the oldest first."""
    return [
        Rule(
            row.id,
            Duty(row.category, row.level, row.unit_id, row.days_allowed, row.legal_basis, row.township_may_settle),
            row.valid_from,
            row.valid_until,
        )
        for row in session.execute(_RULES, {"county_code": county_code})
    ]


_RULES = (
    select(Responsibility.__table__)
    .where(Responsibility.county_code == bindparam("county_code"))
    .order_by(Responsibility.valid_from, Responsibility.id)
)


def read_rows(session: Session, county_code: str) -> Sequence[Responsibility]:
    """The same with the names in them."""
    query = select(Responsibility).where(Responsibility.county_code == county_code)
    names = (
        joinedload(Responsibility.unit),
        joinedload(Responsibility.author),
        joinedload(Responsibility.ended_by),
    )
    return session.scalars(query.options(*names).order_by(Responsibility.valid_from, Responsibility.id)).all()


def counties_around(session: Session, codes: Iterable[str]) -> Sequence[Area]:
    """The counties that lie in one of these areas or contain it, by code."""
    wanted = [
        Area.code.startswith(prefix(code, level_of(code)))
        if level_of(code) in {"province", "prefecture"}
        else Area.code == ancestor(code, "county")
        for code in set(codes)
    ]
    if not wanted:
        return []
    return session.scalars(select(Area).where(Area.level == "county", or_(*wanted)).order_by(Area.code)).all()


def units_above_townships(session: Session, county_code: str) -> Sequence[Unit]:
    """The units that a county's list can name: of the county and the areas above it, by area and name."""
    codes = {ancestor(county_code, level) for level in RESPONSIBILITY_LEVELS if level != "township"}
    return session.scalars(select(Unit).where(Unit.area_code.in_(codes)).order_by(Unit.area_code, Unit.name)).all()

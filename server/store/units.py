"""Units: look-up and the one that every township has."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from server.domain.access import unit_scope
from server.domain.areas import ancestor
from server.domain.words import LEVELS
from server.store.changes import add_scopes
from server.store.tables import Area, Unit


def home_unit(session: Session, village_code: str) -> Unit:
    """The village's township government: responsible for what nobody was asked to do."""
    township = ancestor(village_code, "township")
    return session.scalars(select(Unit).where(Unit.area_code == township, Unit.is_home)).one()


def home_units(session: Session, township_codes: Iterable[str]) -> dict[str, Unit]:
    """The same of several townships, by their codes."""
    homes = session.scalars(_HOMES, {"codes": list(set(township_codes))})
    return {unit.area_code: unit for unit in homes}


def home_unit_ids(session: Session, township_codes: Iterable[str]) -> list[UUID]:
    """The ids of the townships' own units."""
    return list(session.scalars(_HOME_IDS, {"codes": list(set(township_codes))}))


_AT_HOME = and_(Unit.area_code.in_(bindparam("codes", expanding=True)), Unit.is_home)
_HOMES = select(Unit).where(_AT_HOME)
_HOME_IDS = select(Unit.id).where(_AT_HOME)


def unit_areas(session: Session, unit_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The area of each unit that exists; nothing is asked for none."""
    wanted = set(unit_ids)
    if not wanted:
        return {}
    return dict(session.execute(select(Unit.id, Unit.area_code).where(Unit.id.in_(wanted))).all())


def get_units(session: Session, unit_ids: Iterable[UUID]) -> dict[UUID, Unit]:
    """The units with these ids; nothing is asked for none."""
    wanted = set(unit_ids)
    found = session.scalars(select(Unit).where(Unit.id.in_(wanted))) if wanted else ()
    return {unit.id: unit for unit in found}


def units_for(session: Session, area_codes: Iterable[str]) -> list[dict[str, Any]]:
    """The units of these areas and of every area above them, by area and name; of each what phones know of it."""
    codes = {ancestor(code, level) for code in area_codes for level in LEVELS}
    return [dict(row) for row in session.execute(_AS_KNOWN, {"codes": list(codes)}).mappings()]


_AS_KNOWN = (
    select(Unit.id, Unit.name, Unit.area_code, Unit.is_home)
    .where(Unit.area_code.in_(bindparam("codes", expanding=True)))
    .order_by(Unit.area_code, Unit.name)
)


def names_of_units(session: Session, unit_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of some units by their ids."""
    return dict(session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(set(unit_ids)))).all())


def get_unit(session: Session, unit_id: UUID) -> Unit | None:
    """The unit with this id."""
    return session.get(Unit, unit_id)


def units_at(session: Session, area_code: str) -> Sequence[Unit]:
    """The units of exactly this area, its own government first."""
    query = select(Unit).where(Unit.area_code == area_code)
    return session.scalars(query.order_by(Unit.is_home.desc(), Unit.name)).all()


def find_unit(session: Session, name: str, area_code: str) -> Unit | None:
    """The unit called `name` at an area."""
    return session.scalar(select(Unit).where(Unit.name == name, Unit.area_code == area_code))


def add_unit(session: Session, name: str, area: Area, *, is_home: bool = False) -> Unit:
    """Add a unit and its sync scope."""
    unit = Unit(id=uuid7(), name=name, area_code=area.code, is_home=is_home)
    session.add(unit)
    add_scopes(session, [unit_scope(unit.id)])
    return unit


def find_units_named(session: Session, name: str) -> Sequence[Unit]:
    """The units called `name`, or `name@area code` where several areas have one of that name."""
    bare, _, area_code = name.partition("@")
    query = select(Unit).where(Unit.name == bare)
    return session.scalars(query.where(Unit.area_code == area_code) if area_code else query).all()

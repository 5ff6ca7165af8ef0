"""Units: added and renamed."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.actions.areas import own_area, page_of
from server.domain.access import Actor
from server.domain.administration import may_administer
from server.domain.refusals import Refusal, Wrong
from server.domain.text import is_blank, refusal_of_text
from server.store.areas import get_area
from server.store.changes import names_changed
from server.store.tables import Unit
from server.store.units import add_unit, find_unit, find_units_named, get_unit


def add_named_unit(session: Session, name: str, area_code: str) -> Unit:
    """Add a unit at an area. Raises Wrong."""
    area = get_area(session, area_code)
    if area is None:
        raise Wrong("area_not_found", f"没有区划 {area_code}", "area_code")
    return add_unit(session, _free_name(session, name, area_code), area)


def rename_named_unit(session: Session, name: str, new_name: str) -> None:
    """Rename the unit called `name`, or `name@area code`. Raises Wrong."""
    units = find_units_named(session, name)
    if len(units) != 1:
        raise Wrong("unit_unknown", f"没有单位“{name}”" if not units else f"有多个单位叫“{name}”，请写 名称@区划代码")
    _rename(session, units[0], new_name)


def add_own_unit(session: Session, actor: Actor, name: str, area_code: str) -> dict[str, Any]:
    """Add a unit at one of his areas. Refusals: area_not_found, unit_taken."""
    area = own_area(session, actor, area_code, "area_code")
    add_named_unit(session, name, area.code)
    session.flush()
    return page_of(session, actor, area)


def rename_own_unit(session: Session, actor: Actor, unit_id: UUID, name: str) -> dict[str, Any]:
    """Rename a unit of one of his areas. Refusals: not_found, unit_is_home, unit_taken."""
    unit = get_unit(session, unit_id)
    if unit is None or not may_administer(actor, unit.area_code):
        raise Refusal("not_found")
    _rename(session, unit, name)
    session.flush()
    return page_of(session, actor, own_area(session, actor, unit.area_code))


def _rename(session: Session, unit: Unit, name: str) -> None:
    """Rename a unit; a township's own is called after it. Raises Wrong."""
    if unit.is_home:
        raise Wrong("unit_is_home", f"“{unit.name}”的名称跟着乡镇走，请改乡镇的名称", "name")
    if name.strip() != unit.name:
        unit.name = _free_name(session, name, unit.area_code)
        names_changed(session)


def _free_name(session: Session, name: str, area_code: str) -> str:
    """The name, trimmed, if a unit of this area can have it. Raises Wrong."""
    trimmed = name.strip()
    if is_blank(name) or refusal_of_text(trimmed, "unit_name"):
        raise Wrong("invalid", "单位名称是空的或太长，或有特殊符号", "name")
    if find_unit(session, trimmed, area_code):
        raise Wrong("unit_taken", f"单位“{trimmed}”已经有了", "name")
    return trimmed

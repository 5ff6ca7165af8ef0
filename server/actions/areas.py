"""Areas: imported, renamed, and what an administrator sees of them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from server.domain import access
from server.domain.administration import administered, may_administer
from server.domain.areas import government_of, level_of, parent_of
from server.domain.refusals import Refusal, Wrong
from server.domain.text import is_blank, refusal_of_text
from server.domain.words import LIMITS
from server.store.areas import children, get_area, initials, names
from server.store.changes import add_scopes, names_changed
from server.store.tables import Area
from server.store.units import add_unit, find_unit, home_unit, units_at

_CODE = re.compile(r"^[0-9]{12}\Z")
COLUMNS = frozenset({"code", "name", "level", "parent_code"})


def import_area(session: Session, row: Mapping[str, str]) -> None:
    """Add or rename one division; a new township gets its government as a unit, and its sync scope.

    Rows come parents first. Raises Wrong.
    """
    code, name, parent_code = row["code"], row["name"], row["parent_code"] or None
    if not _CODE.match(code) or level_of(code) != row["level"]:
        raise Wrong("area_invalid", f"区划代码 {code or '（空）'} 不是 12 位，或与级别“{row['level']}”不符")
    if is_blank(name):
        raise Wrong("area_invalid", f"区划 {code} 没有名称")
    if refusal := _refusal_of_name(level_of(code), name):
        raise Wrong(refusal, f"区划 {code} 的名称太长，或有换行、看不见的符号")
    if parent_code != parent_of(code) and (parent_code or row["level"] in {"township", "village"}):
        said, right = parent_code or "（空）", parent_of(code) or "（空）"
        raise Wrong("area_invalid", f"区划 {code} 的上级不能是 {said}，按代码应是 {right}")
    if parent_code and get_area(session, parent_code) is None:
        raise Wrong("area_not_found", f"区划 {code} 的上级 {parent_code} 还没有导入")
    area = get_area(session, code)
    if area is not None:
        _rename(session, area, name)
        return
    area = Area(code=code, name=name, level=level_of(code), parent_code=parent_code, initials=initials(name))
    session.add(area)
    session.flush()
    if area.level == "township":
        add_scopes(session, [access.area_scope(code)])
        add_unit(session, government_of(name), area, is_home=True)


def read_areas(session: Session, actor: access.Actor, code: str | None) -> dict[str, Any]:
    """An area of his (None: his first), with its units and the areas directly below. Refusal: area_not_found."""
    granted = administered(actor)
    return page_of(session, actor, own_area(session, actor, code or granted[0]))


def page_of(session: Session, actor: access.Actor, area: Area) -> dict[str, Any]:
    """What the screen shows of an area of his."""
    granted = administered(actor)
    granted_names = names(session, granted)
    return {
        "area": _line(area),
        "parent_code": area.parent_code if area.parent_code and may_administer(actor, area.parent_code) else None,
        "areas": [{"code": own, "name": granted_names[own]} for own in granted],
        "units": [{"id": unit.id, "name": unit.name, "is_home": unit.is_home} for unit in units_at(session, area.code)],
        "children": [_line(child) for child in children(session, area.code)],
    }


def rename_area(session: Session, actor: access.Actor, code: str, name: str) -> dict[str, Any]:
    """Rename an area of his; a township's government follows it. Refusals: area_not_found, text_too_long,
    unit_taken."""
    area = own_area(session, actor, code)
    if refusal := _refusal_of_name(area.level, name):
        raise Refusal(refusal, "name")
    _rename(session, area, name)
    session.flush()
    return page_of(session, actor, area)


def own_area(session: Session, actor: access.Actor, code: str, field: str | None = None) -> Area:
    """An area that he administers. Refusal: area_not_found."""
    area = get_area(session, code) if _CODE.match(code) else None
    if area is None or not may_administer(actor, area.code):
        raise Refusal("area_not_found", field)
    return area


def import_areas(session: Session, actor: access.Actor, rows: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Add or rename divisions inside his areas; answer the rows that are wrong, with the line of the file (its
    first is the columns' names). The caller rolls back if there is any. Refusal: file_too_long.

    A file of a county begins with the areas above it: what is there already, and stays as it is, may be in it.
    """
    if len(rows) > LIMITS["divisions_per_import"]:
        raise Refusal("file_too_long", "file")
    refused = []
    for line, row in enumerate(rows, start=2):
        try:
            with session.begin_nested():
                _import_own(session, actor, row)
        except Wrong as wrong:
            refused.append({"line": line, "name": row["name"][:60] or row["code"][:60], "why": str(wrong)})
    return refused


def _import_own(session: Session, actor: access.Actor, row: Mapping[str, str]) -> None:
    code = row["code"]
    if _CODE.match(code) and not may_administer(actor, code):
        known = get_area(session, code)
        if known is not None and known.name == row["name"]:
            return
        raise Wrong("area_not_found", f"区划 {code} 不在您的范围内")
    import_area(session, row)


def _refusal_of_name(level: str, name: str) -> str | None:
    return refusal_of_text(government_of(name) if level == "township" else name, "unit_name")


def _rename(session: Session, area: Area, name: str) -> None:
    """Rename an area; a township's own unit follows it. Raises Wrong."""
    changes = name != area.name
    if area.level == "township":
        unit, unit_name = home_unit(session, area.code), government_of(name)
        if find_unit(session, unit_name, area.code) not in {None, unit}:
            raise Wrong("unit_taken", f"{area.name}要改名为{name}，但已另有单位“{unit_name}”", "name")
        changes = changes or unit_name != unit.name
        unit.name = unit_name
    area.name, area.initials = name, initials(name)
    if changes:
        names_changed(session)


def _line(area: Area) -> dict[str, Any]:
    return {"code": area.code, "name": area.name, "level": area.level}

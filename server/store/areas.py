"""Areas: import and look-up."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from pypinyin import Style, lazy_pinyin
from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from server.domain.areas import CODE_LENGTH, ancestor, prefix
from server.store.tables import Area


def initials(name: str) -> str:
    """The pinyin initials by which a name is found: 邓元泰镇 → dytz."""
    return "".join(word[0] for word in lazy_pinyin(name, style=Style.NORMAL) if word).lower()


def get_area(session: Session, code: str) -> Area | None:
    """The area with this code."""
    return session.get(Area, code)


def villages_among(session: Session, codes: Collection[str]) -> set[str]:
    """Those of these codes that are a village's."""
    return set(session.scalars(_VILLAGES, {"codes": list(codes)}))


_VILLAGES = select(Area.code).where(Area.code.in_(bindparam("codes", expanding=True)), Area.level == "village")


def children(session: Session, code: str) -> Sequence[Area]:
    """The areas directly below, by code."""
    return session.scalars(select(Area).where(Area.parent_code == code).order_by(Area.code)).all()


def child_codes(session: Session, code: str) -> list[str]:
    """The codes of the areas directly below."""
    return list(session.scalars(select(Area.code).where(Area.parent_code == code)))


def names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """The names of some areas by their codes."""
    rows = session.execute(select(Area.code, Area.name).where(Area.code.in_(set(codes))))
    return dict(rows.all())


def township_codes(session: Session, within: Iterable[str]) -> list[str]:
    """The codes of all townships in these areas."""
    inside = [Area.code.startswith(prefix(code, level)) for code, level in _levels(session, within)]
    if not inside:
        return []
    return list(session.scalars(select(Area.code).where(Area.level == "township", or_(*inside)).order_by(Area.code)))


def townships_with_villages(session: Session, codes: Sequence[str]) -> list[dict[str, Any]]:
    """Townships and all their villages, and the counties they are in, by code; of each what phones know of it."""
    counties = {ancestor(code, "county") for code in codes}
    return _as_known(session, [*codes, *counties], codes)


def bare_areas(session: Session, codes: Iterable[str]) -> list[dict[str, Any]]:
    """These areas alone, without what lies in them, by code; of each what phones know of it."""
    return _as_known(session, list(codes), [])


def _as_known(session: Session, codes: Sequence[str], parents: Sequence[str]) -> list[dict[str, Any]]:
    if not codes:
        return []
    rows = session.execute(_AS_KNOWN, {"codes": codes, "parents": parents}).mappings()
    return [dict(row) for row in rows]


_AS_KNOWN = (
    select(Area.code, Area.name, Area.level, Area.parent_code, Area.initials)
    .where(
        or_(
            Area.code.in_(bindparam("codes", expanding=True)),
            Area.parent_code.in_(bindparam("parents", expanding=True)),
        )
    )
    .order_by(Area.code)
)


def _levels(session: Session, codes: Iterable[str]) -> list[tuple[str, str]]:
    wanted = set(codes)
    if not wanted:
        return []
    rows = session.execute(select(Area.code, Area.level).where(Area.code.in_(wanted)))
    return [(code, level) for code, level in rows]


def code_range(code: str, level: str) -> tuple[str, str]:
    """The lowest and highest code inside an area, for an index range."""
    digits = prefix(code, level)
    return digits.ljust(CODE_LENGTH, "0"), digits.ljust(CODE_LENGTH, "9")

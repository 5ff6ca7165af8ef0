"""The accounts that an administrator looks after: found by words, by role and by place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from server.domain.areas import level_of, prefix
from server.store.tables import Area, Grant, Unit, User


@dataclass(frozen=True)
class Wanted:
    """Whom is looked for: `words` in the name, the user name, or the name of a place or unit of his; `after`:
    the user name that the page before ended with."""

    words: str | None = None
    role: str | None = None
    area_code: str | None = None
    after: str | None = None


def people_of(session: Session, areas: Sequence[str], wanted: Wanted, limit: int) -> tuple[int, list[User]]:
    """How many accounts have all their roles inside `areas` and are such as is wanted, and a page of them, by
    user name: one more than `limit`, if there is one more."""
    base = select(User).where(_has_grant(_inside(areas)), ~_has_grant(~_inside(areas)))
    if wanted.words:
        named = [column.icontains(wanted.words, autoescape=True) for column in (Area.name, Unit.name)]
        own = [column.icontains(wanted.words, autoescape=True) for column in (User.name, User.username)]
        base = base.where(or_(*own, _has_grant(or_(*named))))
    of_grant = [Grant.role == wanted.role] if wanted.role else []
    if wanted.area_code:
        of_grant.append(_inside([wanted.area_code]))
    if of_grant:
        base = base.where(_has_grant(and_(*of_grant)))
    page = base.where(User.username > wanted.after) if wanted.after else base
    found = session.scalars(page.options(selectinload(User.grants)).order_by(User.username).limit(limit + 1))
    return _count(session, base), list(found)


def places_of(user: User) -> list[str]:
    """The area of each role of a user; a handler's is his unit's."""
    return [grant.unit.area_code if grant.unit else str(grant.area_code) for grant in user.grants]


def lock_person(session: Session, user_id: UUID) -> User | None:
    """The user with this id as he is now, and stays until the transaction ends."""
    query = select(User).where(User.id == user_id)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def get_person(session: Session, user_id: UUID) -> User | None:
    """The user with this id."""
    return session.get(User, user_id)


def _has_grant(such: ColumnElement[bool]) -> ColumnElement[bool]:
    joined = select(Grant.id).outerjoin(Unit, Grant.unit_id == Unit.id)
    joined = joined.outerjoin(Area, Area.code == func.coalesce(Grant.area_code, Unit.area_code))
    return exists(joined.where(Grant.user_id == User.id, such).correlate(User))


def _inside(areas: Iterable[str]) -> ColumnElement[bool]:
    place = func.coalesce(Grant.area_code, Unit.area_code)
    return or_(*(place.startswith(prefix(code, level_of(code))) for code in areas))


def _count(session: Session, people: Select[User]) -> int:
    return session.scalar(select(func.count()).select_from(people.subquery())) or 0

"""Accounts: added, given roles, closed. Whoever runs a command may do all of it; an administrator on the screen
what actions/people.py lets him."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session
from uuid6 import uuid7

from server.actions.reference import townships_of
from server.actions.sessions import hash_password
from server.domain import access
from server.domain.refusals import Wrong
from server.domain.text import is_blank, refusal_of_text
from server.domain.words import AREA_ROLES, LIMITS, ROLES
from server.store.areas import get_area
from server.store.changes import names_changed
from server.store.sessions import end_sessions
from server.store.tables import Grant, Unit, User
from server.store.units import find_units_named, get_unit
from server.store.users import find_user, lock_user

_LEVEL_NAMES = {"village": "村（社区）", "township": "乡镇（街道）", "county": "县（市、区）"}
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class GrantWanted:
    """A role and where: an area code for most; for a handler a unit, by its name or its id."""

    role: str
    where: str | UUID


def add_user(session: Session, username: str, name: str, password: str, grants: Iterable[GrantWanted]) -> User:
    """Add an account. Raises Wrong."""
    if is_blank(username) or refusal_of_text(username, "username"):
        raise Wrong("invalid", "用户名是空的、太长或有特殊符号", "username")
    if find_user(session, username):
        raise Wrong("username_taken", f"用户名 {username} 已经有了", "username")
    _check_name(name)
    _check_password(password)
    user = User(
        id=uuid7(),
        username=username,
        name=name,
        password_hash=hash_password(password),
        access_version=1,
        created_at=datetime.now(UTC),
        grants=[_grant(session, wanted) for wanted in dict.fromkeys(grants)],
    )
    if not user.grants:
        raise Wrong("field_required", "至少要有一个角色", "grants")
    session.add(user)
    session.flush()
    _check_scopes(session, user)
    return user


def set_password(session: Session, username: str, password: str) -> bool:
    """Set a new password; every session of the account ends. False if the account is closed, and stays so. Raises
    Wrong."""
    user = _user(session, username)
    _check_password(password)
    user.password_hash = hash_password(password)
    end_sessions(session, user.id, datetime.now(UTC))
    return user.is_active


def disable_user(session: Session, username: str) -> None:
    """Close an account; every session of it ends at once. Raises Wrong."""
    user = _user(session, username)
    user.disabled_at = datetime.now(UTC)
    end_sessions(session, user.id, user.disabled_at)


def enable_user(session: Session, username: str) -> None:
    """Open a closed account again, with the password and the roles that it had. Raises Wrong."""
    user = _user(session, username)
    if user.is_active:
        raise Wrong("nothing_changed", f"用户 {username} 没有停用")
    user.disabled_at = None


def grant_role(session: Session, username: str, wanted: GrantWanted) -> None:
    """Give a user one more role; his phone reads anew what he may see (sync rule 9). Raises Wrong."""
    user = _user(session, username)
    grant = _grant(session, wanted)
    if any((g.role, g.area_code, g.unit_id) == (grant.role, grant.area_code, grant.unit_id) for g in user.grants):
        raise Wrong("role_held", f"用户 {username} 已经有这个角色")
    user.grants.append(grant)
    user.access_version += 1
    _check_scopes(session, user)


def revoke_role(session: Session, username: str, held: GrantWanted) -> None:
    """Take a role from a user; his phone forgets what he may no longer see (sync rule 9). Raises Wrong."""
    user = _user(session, username)
    found = [grant for grant in user.grants if _is_named(grant, held)]
    if len(found) != 1:
        raise Wrong(
            "not_found",
            f"用户 {username} 没有这个角色" if not found else f"有多个单位叫“{held.where}”，请写 名称@区划代码",
        )
    take_role(user, found[0])


def take_role(user: User, grant: Grant) -> None:
    """Take this role from its user, who is locked. Raises Wrong."""
    if len(user.grants) == 1:
        raise Wrong("role_only", f"这是用户 {user.username} 唯一的角色；不再用这个账号，请停用它")
    user.grants.remove(grant)
    user.access_version += 1


def rename_user(session: Session, username: str, name: str) -> None:
    """Change the name of a person. Raises Wrong."""
    user = _user(session, username)
    _check_name(name)
    user.name = name
    names_changed(session)


def new_password() -> str:
    """A random password that can be read out and typed on a phone: 12 signs, 59 bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(12))


def _user(session: Session, username: str) -> User:
    """The user, locked. Raises Wrong."""
    user = lock_user(session, username)
    if user is None:
        raise Wrong("user_not_found", f"没有用户 {username}")
    return user


def _check_name(name: str) -> None:
    if is_blank(name) or refusal_of_text(name, "user_name"):
        raise Wrong("invalid", "姓名是空的、太长或有特殊符号", "name")


def _check_password(password: str) -> None:
    if not LIMITS["password_min"] <= len(password) <= LIMITS["password_max"]:
        raise Wrong("password_length", f"密码要有 {LIMITS['password_min']} 到 {LIMITS['password_max']} 个字符")


def _check_scopes(session: Session, user: User) -> None:
    """A phone asks for all its scopes at once: with more than that it could never sync. Raises Wrong."""
    actor = user.actor()
    scopes, most = len(access.scopes_of_actor(actor, townships_of(session, actor))), LIMITS["scopes_per_pull"]
    if scopes > most:
        raise Wrong(
            "scopes_too_many",
            f"用户 {user.username} 的角色一共涉及 {scopes} 个乡镇和单位，手机最多同步 {most} 个，请分给几个账号",
        )


def _grant(session: Session, wanted: GrantWanted) -> Grant:
    if wanted.role in AREA_ROLES:
        area = get_area(session, str(wanted.where))
        if area is None:
            raise Wrong("area_not_found", f"没有区划 {wanted.where}", "area_code")
        if not access.area_fits_role(wanted.role, area.code):
            levels = "或".join(_LEVEL_NAMES[level] for level in access.LEVELS_OF_ROLE[wanted.role])
            raise Wrong("role_unfit", f"{ROLES[wanted.role]}只能负责{levels}，{area.name} 不是", "area_code")
        return Grant(id=uuid7(), role=wanted.role, area_code=area.code)
    if wanted.role == "handler":
        return Grant(id=uuid7(), role="handler", unit_id=_unit(session, wanted.where).id)
    raise Wrong("choice_invalid", f"没有角色“{wanted.role}”，可用：{'、'.join(ROLES)}", "role")


def _unit(session: Session, where: str | UUID) -> Unit:
    """The unit with this id, or the one of this name. Raises Wrong."""
    if isinstance(where, UUID):
        found = get_unit(session, where)
        units = [found] if found else []
    else:
        units = list(find_units_named(session, where))
    if len(units) != 1:
        sentence = f"没有单位“{where}”" if not units else f"有多个单位叫“{where}”，请写 名称@区划代码"
        raise Wrong("unit_unknown", sentence, "unit_id")
    return units[0]


def _is_named(grant: Grant, held: GrantWanted) -> bool:
    """True if `held` says this grant, whether or not it could be given today."""
    if grant.unit is None:
        return (grant.role, grant.area_code) == (held.role, held.where)
    name, _, area_code = str(held.where).partition("@")
    return (grant.role, grant.unit.name) == (held.role, name) and area_code in {"", grant.unit.area_code}

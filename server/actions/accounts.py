"""What an administrator does with accounts, areas and units."""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session
from uuid6 import uuid7

from server.actions.reference import townships_of
from server.actions.sessions import hash_password
from server.domain import access
from server.domain.areas import government_of, level_of, parent_of
from server.domain.text import is_blank, refusal_of_text
from server.domain.words import AREA_ROLES, LIMITS, ROLES
from server.store.areas import get_area, initials
from server.store.changes import add_scopes
from server.store.sessions import end_sessions
from server.store.tables import Area, Grant, User
from server.store.units import add_unit, find_unit, find_units_named, home_unit
from server.store.users import find_user, lock_user

_CODE = re.compile(r"^[0-9]{12}$")
_LEVEL_NAMES = {"village": "村（社区）", "township": "乡镇（街道）", "county": "县（市、区）"}
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class Wrong(Exception):
    """What an administrator typed cannot be; the message says why, in Chinese."""


@dataclass(frozen=True)
class GrantWanted:
    """A role and where: an area code for most, a unit for a handler."""

    role: str
    where: str


def import_area(session: Session, row: Mapping[str, str]) -> None:
    """Add or rename one division; a new township gets its government as a unit, and its sync scope.

    Rows come parents first. Raises Wrong.
    """
    code, name, parent_code = row["code"], row["name"], row["parent_code"] or None
    if not _CODE.match(code) or level_of(code) != row["level"]:
        raise Wrong(f"区划代码 {code or '（空）'} 不是 12 位，或与级别“{row['level']}”不符")
    if is_blank(name):
        raise Wrong(f"区划 {code} 没有名称")
    if refusal_of_text(government_of(name) if row["level"] == "township" else name, "unit_name"):
        raise Wrong(f"区划 {code} 的名称太长，或有换行、看不见的符号")
    if parent_code != parent_of(code) and (parent_code or row["level"] in {"township", "village"}):
        raise Wrong(f"区划 {code} 的上级不能是 {parent_code or '（空）'}，按代码应是 {parent_of(code) or '（空）'}")
    if parent_code and get_area(session, parent_code) is None:
        raise Wrong(f"区划 {code} 的上级 {parent_code} 还没有导入")
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


def _rename(session: Session, area: Area, name: str) -> None:
    """Rename an area; a township's own unit follows it. Raises Wrong."""
    if area.level == "township":
        unit, unit_name = home_unit(session, area.code), government_of(name)
        if find_unit(session, unit_name, area.code) not in {None, unit}:
            raise Wrong(f"{area.name}要改名为{name}，但已另有单位“{unit_name}”")
        unit.name = unit_name
    area.name, area.initials = name, initials(name)


def add_named_unit(session: Session, name: str, area_code: str) -> None:
    """Add a unit at an area. Raises Wrong."""
    area = get_area(session, area_code)
    if area is None:
        raise Wrong(f"没有区划 {area_code}")
    if is_blank(name) or refusal_of_text(name.strip(), "unit_name"):
        raise Wrong("单位名称是空的或太长，或有特殊符号")
    if find_unit(session, name.strip(), area_code):
        raise Wrong(f"单位“{name}”已经有了")
    add_unit(session, name.strip(), area)


def add_user(session: Session, username: str, name: str, password: str, grants: Iterable[GrantWanted]) -> User:
    """Add an account. Raises Wrong."""
    if is_blank(username) or refusal_of_text(username, "username"):
        raise Wrong("用户名是空的、太长或有特殊符号")
    if find_user(session, username):
        raise Wrong(f"用户名 {username} 已经有了")
    if is_blank(name) or refusal_of_text(name, "user_name"):
        raise Wrong("姓名是空的、太长或有特殊符号")
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
        raise Wrong("至少要有一个角色")
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
        raise Wrong(f"用户 {username} 没有停用")
    user.disabled_at = None


def grant_role(session: Session, username: str, wanted: GrantWanted) -> None:
    """Give a user one more role; his phone reads anew what he may see (sync rule 9). Raises Wrong."""
    user = _user(session, username)
    grant = _grant(session, wanted)
    if any((g.role, g.area_code, g.unit_id) == (grant.role, grant.area_code, grant.unit_id) for g in user.grants):
        raise Wrong(f"用户 {username} 已经有这个角色")
    user.grants.append(grant)
    user.access_version += 1
    _check_scopes(session, user)


def revoke_role(session: Session, username: str, held: GrantWanted) -> None:
    """Take a role from a user; his phone forgets what he may no longer see (sync rule 9). Raises Wrong."""
    user = _user(session, username)
    found = [grant for grant in user.grants if _is_named(grant, held)]
    if len(found) != 1:
        raise Wrong(f"用户 {username} 没有这个角色" if not found else f"有多个单位叫“{held.where}”，请写 名称@区划代码")
    if len(user.grants) == 1:
        raise Wrong(f"这是用户 {username} 唯一的角色；不再用这个账号，请停用它")
    user.grants.remove(found[0])
    user.access_version += 1


def new_password() -> str:
    """A random password that can be read out and typed on a phone: 12 signs, 59 bits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(12))


def _user(session: Session, username: str) -> User:
    """The user, locked. Raises Wrong."""
    user = lock_user(session, username)
    if user is None:
        raise Wrong(f"没有用户 {username}")
    return user


def _check_password(password: str) -> None:
    if not LIMITS["password_min"] <= len(password) <= LIMITS["password_max"]:
        raise Wrong(f"密码要有 {LIMITS['password_min']} 到 {LIMITS['password_max']} 个字符")


def _check_scopes(session: Session, user: User) -> None:
    """A phone asks for all its scopes at once: with more than that it could never sync. Raises Wrong."""
    actor = user.actor()
    scopes, most = len(access.scopes_of_actor(actor, townships_of(session, actor))), LIMITS["scopes_per_pull"]
    if scopes > most:
        raise Wrong(
            f"用户 {user.username} 的角色一共涉及 {scopes} 个乡镇和单位，手机最多同步 {most} 个，请分给几个账号"
        )


def _grant(session: Session, wanted: GrantWanted) -> Grant:
    if wanted.role in AREA_ROLES:
        area = get_area(session, wanted.where)
        if area is None:
            raise Wrong(f"没有区划 {wanted.where}")
        if not access.area_fits_role(wanted.role, area.code):
            levels = "或".join(_LEVEL_NAMES[level] for level in access.LEVELS_OF_ROLE[wanted.role])
            raise Wrong(f"{ROLES[wanted.role]}只能负责{levels}，{area.name} 不是")
        return Grant(id=uuid7(), role=wanted.role, area_code=area.code)
    if wanted.role == "handler":
        units = find_units_named(session, wanted.where)
        if len(units) != 1:
            raise Wrong(
                f"没有单位“{wanted.where}”" if not units else f"有多个单位叫“{wanted.where}”，请写 名称@区划代码"
            )
        return Grant(id=uuid7(), role="handler", unit_id=units[0].id)
    raise Wrong(f"没有角色“{wanted.role}”，可用：{'、'.join(ROLES)}")


def _is_named(grant: Grant, held: GrantWanted) -> bool:
    """True if `held` says this grant, whether or not it could be given today."""
    if grant.unit is None:
        return (grant.role, grant.area_code) == (held.role, held.where)
    name, _, area_code = held.where.partition("@")
    return (grant.role, grant.unit.name) == (held.role, name) and area_code in {"", grant.unit.area_code}

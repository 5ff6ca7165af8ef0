"""What an administrator does with accounts on the screen: those whose every role lies inside his areas, and
never his own (domain/administration.py). The changes themselves are those of the commands (actions/accounts.py)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.actions.accounts import (
    GrantWanted,
    add_user,
    disable_user,
    enable_user,
    grant_role,
    new_password,
    rename_user,
    set_password,
    take_role,
)
from server.actions.phones import read_phones, report_lost
from server.domain.access import Actor
from server.domain.administration import administered, check_not_himself, may_administer, may_manage
from server.domain.areas import ancestor, level_of
from server.domain.refusals import Refusal
from server.domain.sessions import Lasting
from server.domain.words import LIMITS
from server.store.areas import names
from server.store.db import is_taken
from server.store.people import Wanted, get_person, lock_person, people_of, places_of
from server.store.tables import Grant, User
from server.store.units import unit_areas

Answer = dict[str, Any]


def find_people(session: Session, actor: Actor, wanted: Wanted) -> Answer:
    """A page of the accounts that he looks after. Refusal: area_not_found."""
    if wanted.area_code and not may_administer(actor, wanted.area_code):
        raise Refusal("area_not_found", "area_code")
    limit = LIMITS["people_per_page"]
    count, page = people_of(session, administered(actor), wanted, limit)
    more = len(page) > limit
    shown = page[:limit]
    return {
        "count": count,
        "people": _lines(session, actor, shown),
        "next": shown[-1].username if more else None,
    }


def read_person(session: Session, actor: Actor, user_id: UUID) -> Answer:
    """One account. Refusal: user_not_found."""
    return _answer(session, actor, _mine(actor, get_person(session, user_id)))


def add_person(session: Session, actor: Actor, username: str, name: str, grants: Sequence[Mapping[str, Any]]) -> Answer:
    """Add an account; its password is in the answer and nowhere else.

    Refusals: username_taken, area_not_found, unit_unknown, role_unfit, scopes_too_many, field_required.
    """
    password = new_password()
    wanted = [_wanted(session, actor, grant) for grant in grants]
    try:
        user = add_user(session, username, name, password, wanted)
    except IntegrityError as error:  # Two administrators at the same moment.
        if is_taken(error):
            raise Refusal("username_taken", "username") from error
        raise
    return _answer(session, actor, user, password)


def rename_person(session: Session, actor: Actor, user_id: UUID, name: str) -> Answer:
    """Change the name that others read. Refusals: user_not_found, own_account."""
    user = _locked(session, actor, user_id)
    rename_user(session, user.username, name)
    return _answer(session, actor, user)


def give_role(session: Session, actor: Actor, user_id: UUID, grant: Mapping[str, Any]) -> Answer:
    """Give one more role inside his areas. Refusals: user_not_found, own_account, those of a role (add_person),
    role_held."""
    user = _locked(session, actor, user_id)
    grant_role(session, user.username, _wanted(session, actor, grant))
    session.flush()
    return _answer(session, actor, user)


def take_role_away(session: Session, actor: Actor, user_id: UUID, grant_id: UUID) -> Answer:
    """Take a role away. Refusals: user_not_found, own_account, not_found, role_only."""
    user = _locked(session, actor, user_id)
    held = next((grant for grant in user.grants if grant.id == grant_id), None)
    if held is None:
        raise Refusal("not_found")
    take_role(user, held)
    session.flush()
    return _answer(session, actor, user)


def renew_password(session: Session, actor: Actor, user_id: UUID) -> Answer:
    """Set a new password, which is in the answer and nowhere else; every session of the account ends.
    Refusals: user_not_found, own_account."""
    user = _locked(session, actor, user_id)
    password = new_password()
    set_password(session, user.username, password)
    return _answer(session, actor, user, password)


def close_account(session: Session, actor: Actor, user_id: UUID) -> Answer:
    """Close an account, its sessions end at once; closed it stays so. Refusals: user_not_found, own_account."""
    user = _locked(session, actor, user_id)
    if user.is_active:
        disable_user(session, user.username)
    return _answer(session, actor, user)


def open_account(session: Session, actor: Actor, user_id: UUID) -> Answer:
    """Open a closed account again, with its password and roles. Refusals: user_not_found, own_account."""
    user = _locked(session, actor, user_id)
    if not user.is_active:
        enable_user(session, user.username)
    return _answer(session, actor, user)


def read_phones_of(session: Session, actor: Actor, user_id: UUID, lasting: Lasting, now: datetime) -> Answer:
    """The phones of somebody he looks after. Refusal: user_not_found."""
    return {"phones": read_phones(session, _mine(actor, get_person(session, user_id)).id, lasting, now)}


def report_phone_lost(session: Session, actor: Actor, user_id: UUID, device_id: UUID, now: datetime) -> None:
    """Report a phone of somebody he looks after lost. Refusals: user_not_found, own_account, phone_not_found."""
    report_lost(session, _locked(session, actor, user_id).id, device_id, now)


def _locked(session: Session, actor: Actor, user_id: UUID) -> User:
    """The account, to be changed. Refusals: own_account, user_not_found."""
    check_not_himself(actor, user_id)
    return _mine(actor, lock_person(session, user_id))


def _mine(actor: Actor, user: User | None) -> User:
    """An account that he looks after. To him any other is not there. Refusal: user_not_found."""
    if user is None or not may_manage(actor, places_of(user)):
        raise Refusal("user_not_found")
    return user


def _wanted(session: Session, actor: Actor, grant: Mapping[str, Any]) -> GrantWanted:
    """A role inside his areas: nobody gives what lies outside. Refusals: area_not_found, unit_unknown."""
    role = grant["role"]
    if role == "handler":
        unit_id = grant.get("unit_id")
        if unit_id is None:
            raise Refusal("field_required", "unit_id")
        area = unit_areas(session, [unit_id]).get(unit_id)
        if area is None or not may_administer(actor, area):
            raise Refusal("unit_unknown", "unit_id")
        return GrantWanted(role, unit_id)
    area_code = grant.get("area_code")
    if area_code is None:
        raise Refusal("field_required", "area_code")
    if not may_administer(actor, area_code):
        raise Refusal("area_not_found", "area_code")
    return GrantWanted(role, area_code)


def _answer(session: Session, actor: Actor, user: User, password: str | None = None) -> Answer:
    return {"person": _lines(session, actor, [user])[0], "password": password}


def _lines(session: Session, actor: Actor, users: Sequence[User]) -> list[dict[str, Any]]:
    codes = {place for user in users for place in places_of(user)}
    known = names(session, codes | {ancestor(code, "township") for code in codes})
    return [
        {
            "id": user.id,
            "username": user.username,
            "name": user.name,
            "closed": not user.is_active,
            "himself": user.id == actor.id,
            "grants": [
                {
                    "id": grant.id,
                    "role": grant.role,
                    "area_code": grant.area_code,
                    "unit_id": grant.unit_id,
                    "where": _where(grant, known),
                }
                for grant in sorted(user.grants, key=lambda grant: (grant.role, *_place_and_unit(grant)))
            ],
        }
        for user in users
    ]


def _place_and_unit(grant: Grant) -> tuple[str, str]:
    return (grant.unit.area_code, grant.unit.name) if grant.unit else (str(grant.area_code), "")


def _where(grant: Grant, known: Mapping[str, str]) -> str:
    """Where a role is held, said so that two villages or stations of one name can be told apart."""
    if grant.unit is None:
        code = str(grant.area_code)
        return f"{known[ancestor(code, 'township')]} {known[code]}" if level_of(code) == "village" else known[code]
    of_township = level_of(grant.unit.area_code) == "township" and not grant.unit.is_home
    return f"{known[grant.unit.area_code]} {grant.unit.name}" if of_township else grant.unit.name

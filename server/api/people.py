"""Accounts: an administrator's screen."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from server.actions import people
from server.api.who import having_role, lasting
from server.domain.access import Actor
from server.schemas.people import (
    NewNameSchema,
    NewPersonSchema,
    OnePersonSchema,
    PeopleQuerySchema,
    PeopleSchema,
    RoleToGiveSchema,
)
from server.schemas.phones import PhonesSchema
from server.store.db import reading, writing
from server.store.people import Wanted

bp = APIBlueprint("people", __name__, url_prefix="/api/people", tag="people")


@bp.post("/search")
@having_role("admin")
@bp.input(PeopleQuerySchema)
@bp.output(PeopleSchema)
@bp.doc(responses=[404])
def search_people(actor: Actor, json_data: dict[str, Any]) -> dict[str, Any]:
    """Find accounts whose every role lies inside the reader's areas."""
    return people.find_people(reading(), actor, Wanted(**json_data))


@bp.post("")
@having_role("admin")
@bp.input(NewPersonSchema)
@bp.output(OnePersonSchema)
@bp.doc(responses=[404, 409])
def add_person(actor: Actor, json_data: dict[str, Any]) -> dict[str, Any]:
    """Add an account, and say its password this once."""
    with writing() as session:
        return people.add_person(session, actor, **json_data)


@bp.get("/<uuid:user_id>")
@having_role("admin")
@bp.output(OnePersonSchema)
@bp.doc(responses=[404])
def get_person(user_id: UUID, actor: Actor) -> dict[str, Any]:
    """One account."""
    return people.read_person(reading(), actor, user_id)


@bp.put("/<uuid:user_id>/name")
@having_role("admin")
@bp.input(NewNameSchema)
@bp.output(OnePersonSchema)
@bp.doc(responses=[404])
def rename_person(user_id: UUID, actor: Actor, json_data: dict[str, Any]) -> dict[str, Any]:
    """Change a person's name."""
    with writing() as session:
        return people.rename_person(session, actor, user_id, json_data["name"])


@bp.post("/<uuid:user_id>/grants")
@having_role("admin")
@bp.input(RoleToGiveSchema)
@bp.output(OnePersonSchema)
@bp.doc(responses=[404, 409])
def give_role(user_id: UUID, actor: Actor, json_data: dict[str, Any]) -> dict[str, Any]:
    """Give one more role; his phone reads anew what he may see."""
    with writing() as session:
        return people.give_role(session, actor, user_id, json_data)


@bp.delete("/<uuid:user_id>/grants/<uuid:grant_id>")
@having_role("admin")
@bp.output(OnePersonSchema)
@bp.doc(responses=[404, 409])
def take_role_away(user_id: UUID, grant_id: UUID, actor: Actor) -> dict[str, Any]:
    """Take a role away; his phone forgets what he may no longer see."""
    with writing() as session:
        return people.take_role_away(session, actor, user_id, grant_id)


@bp.post("/<uuid:user_id>/password")
@having_role("admin")
@bp.output(OnePersonSchema)
@bp.doc(responses=[404])
def renew_password(user_id: UUID, actor: Actor) -> dict[str, Any]:
    """Make a new password and say it this once; the account's sessions end."""
    with writing() as session:
        return people.renew_password(session, actor, user_id)


@bp.post("/<uuid:user_id>/closing")
@having_role("admin")
@bp.output(OnePersonSchema)
@bp.doc(responses=[404])
def close_account(user_id: UUID, actor: Actor) -> dict[str, Any]:
    """Close an account; its sessions end at once."""
    with writing() as session:
        return people.close_account(session, actor, user_id)


@bp.delete("/<uuid:user_id>/closing")
@having_role("admin")
@bp.output(OnePersonSchema)
@bp.doc(responses=[404])
def open_account(user_id: UUID, actor: Actor) -> dict[str, Any]:
    """Open a closed account again."""
    with writing() as session:
        return people.open_account(session, actor, user_id)


@bp.get("/<uuid:user_id>/phones")
@having_role("admin")
@bp.output(PhonesSchema)
@bp.doc(responses=[404])
def get_phones(user_id: UUID, actor: Actor) -> dict[str, Any]:
    """The phones of one account."""
    return people.read_phones_of(reading(), actor, user_id, lasting(), datetime.now(UTC))


@bp.post("/<uuid:user_id>/phones/<uuid:device_id>/loss")
@having_role("admin")
@bp.output(PhonesSchema)
@bp.doc(responses=[404])
def report_phone_lost(user_id: UUID, device_id: UUID, actor: Actor) -> dict[str, Any]:
    """Report a phone lost: it is signed out at once, and empties itself at its next contact."""
    now = datetime.now(UTC)
    with writing() as session:
        people.report_phone_lost(session, actor, user_id, device_id, now)
    return people.read_phones_of(reading(), actor, user_id, lasting(), now)

"""One's own account: password and devices."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import current_app, request

from server.actions.devices import change_password, read_devices, sign_out_device
from server.actions.phones import read_phones, report_lost
from server.actions.sessions import count_try, proven_hash
from server.api.who import lasting, session_key, signed_in, user_signed_in
from server.domain.access import Actor
from server.domain.refusals import Refusal
from server.schemas.account import DevicesSchema, PasswordsSchema
from server.store.db import reading, writing
from server.store.sessions import id_of

bp = APIBlueprint("account", __name__, url_prefix="/api/account", tag="session")


@bp.get("/devices")
@signed_in
@bp.output(DevicesSchema)
def get_devices(actor: Actor) -> dict[str, Any]:
    """Say where the reader is signed in, and when each device was in use last."""
    return _devices(actor)


@bp.delete("/devices/<string:device_id>")
@signed_in
@bp.output(DevicesSchema)
def delete_device(device_id: str, actor: Actor) -> dict[str, Any]:
    """Sign a device of one's own out: its session ends at once."""
    with writing() as transaction:
        sign_out_device(transaction, actor, device_id, datetime.now(UTC))
    return _devices(actor)


@bp.post("/phones/<uuid:device_id>/loss")
@signed_in
@bp.output(DevicesSchema)
@bp.doc(responses=[404])
def report_own_phone_lost(device_id: UUID, actor: Actor) -> dict[str, Any]:
    """Report a phone of one's own lost: it is signed out at once, and empties itself at its next contact."""
    with writing() as transaction:
        report_lost(transaction, actor.id, device_id, datetime.now(UTC), but=id_of(session_key()))
    return _devices(actor)


@bp.put("/password")
@signed_in
@bp.input(PasswordsSchema)
@bp.output(DevicesSchema)
@bp.doc(responses=[429])
def put_password(actor: Actor, json_data: dict[str, str]) -> dict[str, Any]:
    """Change one's own password; every other device is signed out. Whoever finds an unlocked phone can't guess the
    old one: wrong ones are counted as at signing in, for this device."""
    user, key, now = user_signed_in(), session_key(), datetime.now(UTC)
    if user is None:
        raise Refusal("sign_in_required")
    username, secret, address = user.username, current_app.config["SECRET_KEY"], request.remote_addr or ""
    with writing() as transaction:
        counters = count_try(transaction, secret, username, address, id_of(key), now)
    proven = proven_hash(reading(), username, json_data["old"])  # slow by design: no lock is held meanwhile
    if proven is None:
        raise Refusal("old_password_wrong", "old")
    with writing() as transaction:
        change_password(transaction, username, json_data, proven, key, counters, now)
    return _devices(actor)


def _devices(actor: Actor) -> dict[str, Any]:
    session, now = reading(), datetime.now(UTC)
    return {
        "devices": read_devices(session, actor, session_key(), lasting(), now),
        "phones": read_phones(session, actor.id, lasting(), now),
    }

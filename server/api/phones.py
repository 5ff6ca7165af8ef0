"""The phone itself: bound to its session, and what it asks when nobody is signed in on it any more."""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import request, session
from flask_login import logout_user

from server.actions.phones import standing_of, use_phone
from server.api.who import PHONES_BEHIND_ONE_ADDRESS, anyone, limiter, session_key, signed_in, tries, without_token
from server.domain.access import Actor
from server.domain.browsers import browser_in_words
from server.domain.refusals import Refusal
from server.schemas.phones import OwnIdSchema, PhoneKeySchema, StandingSchema, WhosePhoneSchema
from server.store.db import reading, writing

bp = APIBlueprint("phones", __name__, url_prefix="/api/session", tag="session")


@bp.put("/device")
@signed_in
@bp.input(OwnIdSchema)
@bp.output(PhoneKeySchema)
def put_device(actor: Actor, json_data: dict[str, UUID]) -> dict[str, str]:
    """Say on which phone this session is, and get the key for what it seals. A phone that was reported lost is told so
    (device_revoked), and its session is over."""
    browser = browser_in_words(request.user_agent.string)
    with writing() as transaction:
        sealing = use_phone(transaction, actor, session_key(), json_data["device_id"], browser, datetime.now(UTC))
    if sealing is None:
        logout_user()
        session.clear()
        raise Refusal("device_revoked")
    return {"key": b64encode(sealing).decode()}


@bp.post("/standing")
@anyone
@without_token
@limiter.limit(tries(PHONES_BEHIND_ONE_ADDRESS))
@bp.input(WhosePhoneSchema)
@bp.output(StandingSchema)
@bp.doc(responses=[429])
def ask_standing(json_data: dict[str, UUID]) -> dict[str, Any]:
    """Say how a phone stands that is no longer signed in: whether to wait for its user, or to hand in and forget."""
    return {"standing": standing_of(reading(), **json_data)}

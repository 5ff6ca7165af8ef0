"""Sign in, sign out, and who is signed in."""

import secrets
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from apiflask import APIBlueprint
from flask import current_app, g, request, session
from flask_limiter.util import get_remote_address
from flask_login import login_user, logout_user
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeSerializer

from server.actions.sessions import close_session, count_try, proven_hash, welcome
from server.api.browsers import remember
from server.api.who import SESSION_KEY, SignedIn, anyone, lasting, limiter, session_key, tries, user_signed_in
from server.domain.browsers import browser_in_words
from server.domain.refusals import Refusal
from server.schemas.sessions import SessionSchema, SignInSchema
from server.store.db import reading, writing
from server.store.users import named_grants

bp = APIBlueprint("sessions", __name__, url_prefix="/api/session", tag="session")

_KNOWN_DEVICE = "known"
_KNOWN_FOR = 365 * 24 * 3600
_USERS_BEHIND_ONE_ADDRESS = 10


def _who_tries() -> str:
    """The address and the user name of a try to sign in."""
    body = request.get_json(silent=True)
    username = body.get("username") if isinstance(body, dict) else None
    return f"{get_remote_address()} {sha256(str(username).strip().encode()).hexdigest()}"


@bp.get("")
@anyone
@bp.output(SessionSchema)
def read_session() -> dict[str, Any]:
    """Say who is signed in, and give the CSRF token for writing."""
    return _session()


@bp.post("")
@anyone
@limiter.limit(tries(_USERS_BEHIND_ONE_ADDRESS))
@limiter.limit(tries(1), key_func=_who_tries)
@bp.input(SignInSchema)
@bp.output(SessionSchema)
@bp.doc(responses=[401, 429])
def sign_in(json_data: dict[str, Any]) -> Any:
    """Sign in with user name and password (locked out for minutes after repeated failures)."""
    username, password, now = json_data["username"], json_data["password"], datetime.now(UTC)
    secret, address, device = current_app.config["SECRET_KEY"], request.remote_addr or "", _known_device(username)
    with writing() as transaction:
        counters = count_try(transaction, secret, username, address, device, now)
    proven = proven_hash(reading(), username, password)  # slow by design: no lock is held meanwhile
    if proven is None:
        raise Refusal("wrong_password", "password")
    with writing() as transaction:
        actor, key = welcome(
            transaction, username, password, proven, counters,
            known_device=device is not None, browser=browser_in_words(request.user_agent.string),
            lasting=lasting(), now=now,
        )  # fmt: skip
        close_session(transaction, session_key(), now)  # whose cookie this browser is about to lose
    session.clear()
    session.permanent = True
    session[SESSION_KEY] = key
    g.pop("csrf_token", None)
    login_user(SignedIn(actor, username))
    response = current_app.make_response(SessionSchema().dump(_session()))
    response.set_cookie(
        _KNOWN_DEVICE, _serializer().dumps([username, device or secrets.token_hex(16)]), max_age=_KNOWN_FOR,
        httponly=True, samesite="Lax", secure=current_app.config["SECURE_COOKIES"], path="/api/session",
    )  # fmt: skip
    remember(response, actor.id)
    return response


@bp.delete("")
@anyone
@bp.output(SessionSchema)
def sign_out() -> dict[str, Any]:
    """Sign out: the session ends on the server too."""
    if key := session_key():
        with writing() as transaction:
            close_session(transaction, key, datetime.now(UTC))
    logout_user()
    session.clear()
    g.pop("csrf_token", None)
    return _session()


def _session() -> dict[str, Any]:
    user = user_signed_in()
    return {"csrf_token": generate_csrf(), "server_time": datetime.now(UTC), "me": _me(user) if user else None}


def _me(user: SignedIn) -> dict[str, Any]:
    return {
        "id": user.id,
        "username": user.username,
        "name": user.actor.name,
        "access_version": user.actor.access_version,
        "grants": named_grants(reading(), user.id),
    }


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="known-device")


def _known_device(username: str) -> str | None:
    """What names this browser, if this user has signed in from it before (domain/lockout.py)."""
    try:
        known = _serializer().loads(request.cookies.get(_KNOWN_DEVICE, ""))
    except BadSignature:
        return None
    match known:
        case [str(name), str(device)] if name == username:
            return device
    return None

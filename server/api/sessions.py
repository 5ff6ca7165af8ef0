"""Sign in, sign out, and who is signed in."""

from datetime import UTC, datetime
from typing import Any

from apiflask import APIBlueprint
from flask import current_app, g, request, session
from flask_login import login_user, logout_user
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeSerializer

from server.actions.sessions import count_try, user_with, welcome
from server.api.who import anyone, limiter, user_signed_in
from server.domain.refusals import Refusal
from server.schemas.sessions import SessionSchema, SignInSchema
from server.store.db import reading, writing
from server.store.tables import User

bp = APIBlueprint("sessions", __name__, url_prefix="/api/session", tag="session")

_KNOWN_DEVICE = "known"
_KNOWN_FOR = 365 * 24 * 3600


@bp.get("")
@anyone
@bp.output(SessionSchema)
def read_session() -> dict[str, Any]:
    """Say who is signed in, and give the CSRF token for writing."""
    return _session()


@bp.post("")
@anyone
@limiter.limit(lambda: f"{current_app.config['SIGN_INS_PER_MINUTE']}/minute")
@bp.input(SignInSchema)
@bp.output(SessionSchema)
@bp.doc(responses=[401, 429])
def sign_in(json_data: dict[str, Any]) -> Any:
    """Sign in with user name and password (locked out for minutes after repeated failures)."""
    username, password, now = json_data["username"], json_data["password"], datetime.now(UTC)
    secret, address = current_app.config["SECRET_KEY"], request.remote_addr or ""
    with writing() as transaction:
        counters = count_try(transaction, secret, username, address, _knows_device(username), now)
    user = user_with(reading(), username, password)  # slow by design: no lock is held meanwhile
    if user is None:
        raise Refusal("wrong_password", "password")
    with writing() as transaction:
        welcome(transaction, user, password, counters, now)
    session.clear()
    session.permanent = True
    g.pop("csrf_token", None)
    login_user(user)
    response = current_app.make_response(SessionSchema().dump(_session()))
    response.set_cookie(
        _KNOWN_DEVICE, _serializer().dumps(username), max_age=_KNOWN_FOR, httponly=True, samesite="Lax",
        secure=current_app.config["SECURE_COOKIES"], path="/api/session",
    )  # fmt: skip
    return response


@bp.delete("")
@anyone
@bp.output(SessionSchema)
def sign_out() -> dict[str, Any]:
    """Sign out."""
    logout_user()
    session.clear()
    g.pop("csrf_token", None)
    return _session()


def _session() -> dict[str, Any]:
    user = user_signed_in()
    return {"csrf_token": generate_csrf(), "server_time": datetime.now(UTC), "me": _me(user) if user else None}


def _me(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "username": user.username,
        "name": user.name,
        "access_version": user.access_version,
        "grants": [
            {
                "role": grant.role,
                "area_code": grant.area_code,
                "area_name": grant.area.name if grant.area else None,
                "unit_id": grant.unit_id,
                "unit_name": grant.unit.name if grant.unit else None,
            }
            for grant in user.grants
        ],
    }


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="known-device")


def _knows_device(username: str) -> bool:
    """True if this user has signed in from this browser before (domain/lockout.py)."""
    try:
        return bool(_serializer().loads(request.cookies.get(_KNOWN_DEVICE, "")) == username)
    except BadSignature:
        return False

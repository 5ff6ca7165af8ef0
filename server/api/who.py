"""Who may call an endpoint: each declares one of these, and a test finds any that does not.

`anyone`, `signed_in` and `having_role` hand the view its `actor`; what he may see or do with
a record is decided by domain/access.py.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from apiflask import APIFlask
from flask import Flask, Request, current_app, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf import CSRFProtect
from itsdangerous import BadSignature
from sqlalchemy.exc import DBAPIError

from server.actions.sessions import live_session
from server.domain.access import Actor
from server.domain.refusals import Refusal
from server.domain.sessions import Lasting, is_seen_anew
from server.store.db import reading, writing
from server.store.sessions import note_seen

View = Callable[..., Any]

SESSION_KEY = "key"
"""Where the cookie holds the key of the session (store/sessions.py)."""

limiter = Limiter(get_remote_address, storage_uri="memory://")
login_manager = LoginManager()
csrf = CSRFProtect()


def anyone(view: View) -> View:
    """No session needed."""
    view.who = "anyone"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Any user; the view gets `actor`."""
    return _checked(view, "signed_in", None)


def having_role(role: str) -> Callable[[View], View]:
    """A user with `role` somewhere; the view gets `actor`."""
    return lambda view: _checked(view, role, role)


def _checked(view: View, who: str, role: str | None) -> View:
    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        user = user_signed_in()
        if user is None:
            raise Refusal("sign_in_required")
        if role and not user.actor.has_role(role):
            raise Refusal("not_allowed")
        return view(*args, actor=user.actor, **kwargs)

    checked.who = who  # type: ignore[attr-defined]
    return checked


def without_token(view: View) -> View:
    """No CSRF token needed: only where a session gives no right that somebody's browser could be made to use."""
    csrf.exempt(view)
    return view


PHONES_BEHIND_ONE_ADDRESS = 10
"""How many phones that were taken away one address may speak for, times what one user name may try in a minute."""


def tries(times: int) -> Callable[[], str]:
    """A limit for the limiter: so many times what one user name may try in a minute."""
    return lambda: f"{times * current_app.config['SIGN_INS_PER_MINUTE']}/minute"


def needs_session(endpoint: str | None) -> bool:
    """True for an endpoint that only someone signed in may call."""
    return getattr(current_app.view_functions.get(endpoint or ""), "who", "anyone") != "anyone"


@dataclass(frozen=True, eq=False)
class SignedIn(UserMixin):
    """The user of a request's session, and the phone that it is bound to, as Flask-Login keeps them until its end."""

    actor: Actor
    username: str
    device_id: UUID | None = None

    @property
    def id(self) -> UUID:
        """What Flask-Login puts into the cookie."""
        return self.actor.id


def user_signed_in() -> SignedIn | None:
    """The user of this request's session."""
    user: SignedIn = current_user._get_current_object()
    return user if user.is_authenticated else None


def session_key() -> str:
    """The key of this request's session, from its cookie; empty where there is none."""
    return str(session.get(SESSION_KEY, ""))


def is_bound_to(device_id: UUID) -> bool:
    """True if this request's session is known to be on this phone: one that was reported lost has none."""
    user = user_signed_in()
    return user is not None and user.device_id == device_id


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load_user(_user_id: str) -> SignedIn | None:
    key, now = session_key(), datetime.now(UTC)
    found = live_session(reading(), key, lasting(), now)
    if found is None:
        return None
    if is_seen_anew(found.last_seen_at, now):
        with suppress(DBAPIError), writing() as transaction:  # who only reads is answered without the note
            note_seen(transaction, key, now)
    return SignedIn(found.actor, found.username, found.device_id)


def lasting() -> Lasting:
    """How long sessions last, as set."""
    config = current_app.config
    return Lasting(timedelta(days=config["SESSION_DAYS"]), timedelta(days=config["SESSION_MAX_DAYS"]))


class _Cookies(SecureCookieSessionInterface):
    """A session's cookie is found also beside half of one: over plain HTTP Chromium keeps what came through a torn
    line, under a path of its own, and sends it first."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of the first cookie that we signed; a new one, where there is none."""
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            return None
        lasts_s = int(app.permanent_session_lifetime.total_seconds())
        for said in request.cookies.getlist(self.get_cookie_name(app)):
            with suppress(BadSignature):
                return self.session_class(serializer.loads(said, max_age=lasts_s))
        return self.session_class()


def init_app(app: APIFlask) -> None:
    """Begin to know who calls, to ask for the CSRF token and to limit tries."""
    app.config.setdefault("RATELIMIT_HEADERS_ENABLED", False)
    app.session_interface = _Cookies()
    login_manager.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)

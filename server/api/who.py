"""Who may call an endpoint: each declares one of these, and a test finds any that does not.

`anyone`, `signed_in` and `having_role` hand the view its `actor`; what he may see or do with
a record is decided by domain/access.py.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from apiflask import APIFlask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect

from server.domain.refusals import Refusal
from server.store.db import reading
from server.store.tables import User
from server.store.users import user_of_session

View = Callable[..., Any]

limiter = Limiter(get_remote_address, storage_uri="memory://")
login_manager = LoginManager()


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
        actor = user.actor()
        if role and not actor.has_role(role):
            raise Refusal("not_allowed")
        return view(*args, actor=actor, **kwargs)

    checked.who = who  # type: ignore[attr-defined]
    return checked


def user_signed_in() -> User | None:
    """The user of this request's session."""
    user: User = current_user._get_current_object()
    return user if user.is_authenticated else None


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load_user(session_id: str) -> User | None:
    return user_of_session(reading(), session_id)


def init_app(app: APIFlask) -> None:
    app.config.setdefault("RATELIMIT_HEADERS_ENABLED", False)
    login_manager.init_app(app)
    CSRFProtect(app)
    limiter.init_app(app)

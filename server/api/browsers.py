"""What a browser is known by on the rating page: who of our people has ever signed in from it (none of them rates
his own work with it), and which settlements were rated from it (a resident may change his word).

One cookie for each, since a browser sends it to the rating page alone and so nobody could read a list to add to it.
The first outlives signing out."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from server.api.who import user_signed_in
from server.domain.ratings import MAY_CHANGE_FOR

RATING_PAGE = "/r"
_REMEMBERED_FOR = timedelta(days=365)


def remember(response: Response, user_id: UUID) -> None:
    """Let this browser say that the user signed in from it, for a year after the last time."""
    _set(response, _OURS, user_id, _REMEMBERED_FOR)


def users_of_browser() -> set[UUID]:
    """Those who signed in from this browser, and who is signed in now."""
    user = user_signed_in()
    return _said(_OURS) | ({user.id} if user else set())


def remember_rated(response: Response, event_id: UUID) -> None:
    """Let this browser say that the settlement was rated from it, as long as that may be changed."""
    _set(response, _RATED, event_id, MAY_CHANGE_FOR)


def rated_here() -> set[UUID]:
    """The settlements that were rated from this browser lately."""
    return _said(_RATED)


@dataclass(frozen=True)
class _Kind:
    """One kind of these cookies: how their names begin, and what they are signed for."""

    prefix: str
    salt: str


_OURS, _RATED = _Kind("ours-", "signed-in-here"), _Kind("rated-", "rated-here")


def _set(response: Response, kind: _Kind, id_: UUID, lasts: timedelta) -> None:
    response.set_cookie(
        kind.prefix + id_.hex, _serializer(kind).dumps(id_.hex), max_age=lasts,
        httponly=True, samesite="Lax", secure=current_app.config["SECURE_COOKIES"], path=RATING_PAGE,
    )  # fmt: skip


def _said(kind: _Kind) -> set[UUID]:
    values = [value for name, value in request.cookies.items() if name.startswith(kind.prefix)]
    return {id_ for id_ in (_read(kind, value) for value in values) if id_}


def _read(kind: _Kind, value: str) -> UUID | None:
    try:
        return UUID(str(_serializer(kind).loads(value)))
    except (BadSignature, ValueError):
        return None


def _serializer(kind: _Kind) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=kind.salt)

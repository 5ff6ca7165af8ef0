"""Who of our people has ever signed in from this browser: none of them rates his own work with it.

One cookie for each of them, since a browser sends it to the rating page alone and so nobody could read a list to
add to it. It outlives signing out."""

from uuid import UUID

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from server.api.who import user_signed_in

RATING_PAGE = "/r"
_PREFIX = "ours-"
_REMEMBERED_FOR = 365 * 24 * 3600


def remember(response: Response, user_id: UUID) -> None:
    """Let this browser say that the user signed in from it, for a year after the last time."""
    response.set_cookie(
        _PREFIX + user_id.hex, _serializer().dumps(user_id.hex), max_age=_REMEMBERED_FOR,
        httponly=True, samesite="Lax", secure=current_app.config["SECURE_COOKIES"], path=RATING_PAGE,
    )  # fmt: skip


def users_of_browser() -> set[UUID]:
    """Those who signed in from this browser, and who is signed in now."""
    user = user_signed_in()
    said = [value for name, value in request.cookies.items() if name.startswith(_PREFIX)]
    return {user_id for user_id in map(_read, said) if user_id} | ({user.id} if user else set())


def _read(value: str) -> UUID | None:
    try:
        return UUID(str(_serializer().loads(value)))
    except (BadSignature, ValueError):
        return None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="signed-in-here")

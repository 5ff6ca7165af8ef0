"""An app that is too old is told so before anything else: what it means may have changed since."""

from apiflask import APIFlask
from flask import request

from server.domain.refusals import Refusal
from server.sync import version

_FOR_EVERY_APP = {("GET", "/api/session"), ("GET", "/api/health")}
"""How an app finds out that it is there, and who is signed in."""
_DOCUMENTS = ("/api/openapi.json", "/api/docs")


def is_versioned(method: str, path: str) -> bool:
    """True where an app that is too old is refused."""
    return path.startswith("/api/") and (method, path) not in _FOR_EVERY_APP and not path.startswith(_DOCUMENTS)


def init_app(app: APIFlask) -> None:
    """Refuse what is too old."""

    @app.before_request
    def refuse_the_too_old() -> None:
        said = version.version_said(request.headers.get(version.HEADER))
        if said < version.OLDEST_TAKEN and is_versioned(request.method, request.path):
            raise Refusal("app_too_old")

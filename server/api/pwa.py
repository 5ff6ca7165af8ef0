"""The built app: hashed files for ever, the rest asked for anew, unknown paths are the app's own."""

from apiflask import APIBlueprint
from flask import Response, current_app, send_from_directory
from werkzeug.exceptions import NotFound

from server.api.who import anyone

bp = APIBlueprint("pwa", __name__, enable_openapi=False)


@bp.get("/")
@bp.get("/<path:name>")
@anyone
def file(name: str = "index.html") -> Response:
    """A file of the app, or its start page for a path that only the app knows."""
    if name.startswith("api/"):
        raise NotFound
    folder = current_app.config["PWA"]
    try:
        response = send_from_directory(folder, name)
    except NotFound:
        if name.startswith("assets/"):
            raise
        response = send_from_directory(folder, "index.html")
    if name.startswith("assets/"):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response

"""The built app: hashed files for ever, the rest asked for anew, unknown paths are the app's own."""

from apiflask import APIBlueprint, APIFlask
from flask import Response, current_app, send_from_directory
from werkzeug.exceptions import NotFound
from werkzeug.routing import PathConverter

from server.api.who import anyone

bp = APIBlueprint("pwa", __name__, enable_openapi=False)


class AppPath(PathConverter):
    """Any path but the API's: what is not there under /api is 404 for every method, not 405 for all but GET."""

    regex = r"(?!api(?:/|$))[^/].*?"


@bp.get("/")
@bp.get("/<app_path:name>")
@anyone
def file(name: str = "index.html") -> Response:
    """A file of the app, or its start page for a path that only the app knows."""
    if any(part.startswith(".") for part in name.split("/")):
        raise NotFound  # what the build wrote for itself
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


def init_app(app: APIFlask) -> None:
    """Add the app's files, after its kind of path is known."""
    app.url_map.converters["app_path"] = AppPath
    app.register_blueprint(bp)

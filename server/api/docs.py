"""The API's documentation page: Swagger UI from its package, without inline script."""

from pathlib import Path

import flask_swagger_ui
from apiflask import APIBlueprint
from flask import Response, send_from_directory

from server.api.headers import POLICY_OF_DOCS
from server.api.who import anyone

bp = APIBlueprint("docs", __name__, url_prefix="/api/docs", enable_openapi=False)

_ASSETS = Path(flask_swagger_ui.__file__).parent / "dist"
_PAGE = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<title>实事簿 API</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
<div id="docs"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</html>
"""
_START = 'SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#docs" });\n'


@bp.get("")
@anyone
def page() -> Response:
    """The page."""
    return Response(_PAGE, mimetype="text/html", headers={"Content-Security-Policy": POLICY_OF_DOCS})


@bp.get("/start.js")
@anyone
def start() -> Response:
    """What draws the page: kept apart because inline script is forbidden."""
    return Response(_START, mimetype="text/javascript")


@bp.get("/<path:name>")
@anyone
def asset(name: str) -> Response:
    """Swagger UI's own files."""
    return send_from_directory(_ASSETS, name)

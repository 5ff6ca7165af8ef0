"""The resident's page: what was raised, what was done, and three buttons. HTML without script, for any browser;
the code in the address is all that is needed, and all that there is to protect."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from apiflask import APIBlueprint
from flask import Response, make_response, redirect, render_template, request, send_from_directory, url_for
from marshmallow import ValidationError

from server.actions.rating_links import rate_by_link, read_asked
from server.api.browsers import RATING_PAGE, rated_here, remember_rated, users_of_browser
from server.api.errors import refusal_of
from server.api.who import anyone, limiter, without_token
from server.domain.ratings import Answer
from server.domain.refusals import Refusal
from server.domain.words import LIMITS, RATINGS
from server.schemas.base import first_refusal
from server.schemas.ratings import AnswerSchema
from server.store.db import reading, writing
from server.store.ratings import hash_of_address

bp = APIBlueprint("rating_page", __name__, url_prefix=RATING_PAGE, template_folder="templates", enable_openapi=False)

_CODE = re.compile(r"[A-Za-z0-9_-]{22}")
_ANY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_STATIC = Path(__file__).parent / "static"


@bp.get("/style.css")
@anyone
def style() -> Response:
    """How it looks."""
    response = send_from_directory(_STATIC, "rating_page.css")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@bp.get("/<code>")
@anyone
@limiter.limit("60/minute")
def show(code: str) -> Any:
    """What the holder of the link is asked. To look never rates: chat programs open links, too."""
    return _page(_read(code))


@bp.post("/<code>")
@anyone
@without_token
@limiter.limit("20/minute")
def take(code: str) -> Any:
    """Take an answer. No token of the page is asked for: a session gives no right to rate (it takes it away), so
    that nobody gains by sending somebody's browser here; who knows the code may rate."""
    try:
        answer = AnswerSchema().load(request.form.to_dict())
    except ValidationError as error:
        complaint = first_refusal(error.messages)
        return _page(_read(code), comment=request.form.get("comment"), complaint=complaint), complaint.status
    users, address = users_of_browser(), hash_of_address(request.remote_addr or "")
    said = Answer(answer["value"], answer.get("comment"), "link", datetime.now(UTC), address)
    with writing() as session:
        event_id = rate_by_link(session, _known(code), users, rated_here(), said)
    response = make_response(redirect(url_for(".show", code=code), 303))
    remember_rated(response, event_id)
    return response


@bp.route("/", methods=_ANY_METHOD)
@bp.route("/<path:_>", methods=_ANY_METHOD)
@anyone
@without_token
def nothing_here(_: str = "") -> Any:
    """A mistyped address: told as all that goes wrong here is."""
    raise Refusal("link_not_found")


@bp.errorhandler(Exception)
def refused(error: Exception) -> tuple[Response, int]:
    """One friendly page for all that goes wrong, with what was typed."""
    refusal = refusal_of(error)
    comment = request.form.get("comment", "")[: LIMITS["comment"]]
    page = render_template("rating_refused.html", sentence=refusal.message, comment=comment)
    return make_response(page), refusal.status


def _known(code: str) -> str:
    if not _CODE.fullmatch(code):
        raise Refusal("link_not_found")
    return code


def _read(code: str) -> dict[str, Any]:
    return read_asked(reading(), _known(code), users_of_browser(), rated_here(), datetime.now(UTC))


def _page(asked: dict[str, Any], **typed: Any) -> str:
    return render_template("rating.html", ratings=RATINGS, longest=LIMITS["comment"], **(asked | typed))

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
from server.api.browsers import RATING_PAGE, users_of_browser
from server.api.errors import refusal_of
from server.api.who import anyone, limiter, without_token
from server.domain.refusals import Refusal
from server.domain.words import LIMITS, RATINGS
from server.schemas.base import first_refusal
from server.schemas.ratings import AnswerSchema
from server.store.db import reading, writing

bp = APIBlueprint("rating_page", __name__, url_prefix=RATING_PAGE, template_folder="templates", enable_openapi=False)

_CODE = re.compile(r"[A-Za-z0-9_-]{22}")
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
    users = users_of_browser()
    with writing() as session:
        rate_by_link(
            session, _known(code), users, request.remote_addr or "", answer["value"],
            answer.get("comment"), datetime.now(UTC),
        )  # fmt: skip
    return redirect(url_for(".show", code=code), 303)


@bp.errorhandler(Exception)
def refused(error: Exception) -> tuple[Response, int]:
    """One friendly page for all that goes wrong."""
    refusal = refusal_of(error)
    return make_response(render_template("rating_refused.html", sentence=refusal.message)), refusal.status


def _known(code: str) -> str:
    if not _CODE.fullmatch(code):
        raise Refusal("link_not_found")
    return code


def _read(code: str) -> dict[str, Any]:
    return read_asked(reading(), _known(code), users_of_browser(), datetime.now(UTC))


def _page(asked: dict[str, Any], **typed: Any) -> str:
    return render_template("rating.html", ratings=RATINGS, longest=LIMITS["comment"], **(asked | typed))

"""One JSON shape for every error (schemas/errors.py)."""

import logging
from traceback import format_tb
from typing import Any

from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, jsonify, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from server.api.who import needs_session, user_signed_in
from server.domain.refusals import RETRY_AFTER_S, Refusal
from server.schemas.base import first_refusal
from server.schemas.errors import ErrorSchema
from server.store.db import is_full

log = logging.getLogger(__name__)

_BY_STATUS = {
    400: "bad_request",
    401: "sign_in_required",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "bad_json",
    422: "invalid",
    426: "app_too_old",
    429: "too_many_requests",
    500: "server_error",
    503: "busy",
    507: "storage_full",
}


def answer(refusal: Refusal) -> tuple[Response, int]:
    """The response for a refusal."""
    response = jsonify(refusal.as_data())
    if seconds := RETRY_AFTER_S.get(refusal.code):
        response.headers["Retry-After"] = str(seconds)
    return response, refusal.status


def refusal_of(error: Exception) -> Refusal:
    """What is told of an error. One of our own is logged: only its class and place, a message can quote what a person
    typed."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, HTTPException):
        return Refusal(_BY_STATUS.get(error.code or 0, "bad_request"))
    if isinstance(error, DBAPIError):
        full = is_full(error)
        log.error("database: %s%s", type(error.orig).__name__, ", its disk is full" if full else "")
        return Refusal("storage_full" if full else "busy")
    log.error("unexpected: %s\n%s", type(error).__name__, "".join(format_tb(error.__traceback__)))
    return Refusal("server_error")


def _of_http_error(error: HTTPError) -> tuple[Any, int, Any]:
    """APIFlask's errors and werkzeug's: a schema's complaint under its location, else the status."""
    detail = error.detail
    if error.status_code == 422 and isinstance(detail, dict) and detail:
        refusal = first_refusal(next(iter(detail.values())))
    else:
        refusal = Refusal(_BY_STATUS.get(error.status_code, "bad_request"))
    return refusal.as_data(), refusal.status, {}


def init_app(app: APIFlask) -> None:
    """Answer every error in the one shape."""
    app.config["HTTP_ERROR_SCHEMA"] = ErrorSchema
    app.config["VALIDATION_ERROR_SCHEMA"] = ErrorSchema
    app.error_processor(_of_http_error)

    @app.errorhandler(CSRFError)
    def csrf_failed(_: CSRFError) -> tuple[Response, int]:
        # A cookie that ended takes its token with it; to sign in is what helps then (sync rule 10).
        ended = needs_session(request.endpoint) and user_signed_in() is None
        return answer(Refusal("sign_in_required" if ended else "csrf_failed"))

    @app.errorhandler(Exception)
    def failed(error: Exception) -> tuple[Response, int]:
        return answer(refusal_of(error))

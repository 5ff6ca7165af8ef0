"""JSON by orjson: fast, and strict about what is not text (half surrogates, endless nesting)."""

from typing import Any

import orjson
from apiflask import APIFlask
from apiflask.schema_adapters.marshmallow import parser
from flask import Request, Response
from flask.json.provider import JSONProvider

from server.domain.refusals import Refusal


class OrjsonProvider(JSONProvider):
    """Flask's JSON, in and out."""

    def dumps(self, obj: Any, **_: Any) -> str:
        """An object as JSON text."""
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """JSON text as an object."""
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """The arguments as a response, without a way by text: a page of a pull has a megabyte."""
        return Response(orjson.dumps(self._prepare_response_obj(args, kwargs)), mimetype="application/json")


def _body(request: Request, _schema: Any) -> Any:
    """The request's JSON body; `bad_json` for anything else."""
    if not request.is_json:
        raise Refusal("bad_json")
    try:
        return orjson.loads(request.get_data())
    except orjson.JSONDecodeError as error:
        raise Refusal("bad_json") from error


def init_app(app: APIFlask) -> None:
    """Take orjson, also for what @input reads: webargs would use Python's lenient parser. It would also
    ignore a query's misspelt parameters, and so answer another question than was asked."""
    app.json = OrjsonProvider(app)
    parser.location_loader("json")(_body)
    parser.DEFAULT_UNKNOWN_BY_LOCATION = {**parser.DEFAULT_UNKNOWN_BY_LOCATION, "query": None}  # as the schema says

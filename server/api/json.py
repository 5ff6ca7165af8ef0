"""JSON by orjson: fast, and strict about what is not text (half surrogates, endless nesting)."""

from typing import Any

import orjson
from apiflask import APIFlask
from flask.json.provider import JSONProvider


class OrjsonProvider(JSONProvider):
    """Flask's JSON, in and out."""

    def dumps(self, obj: Any, **_: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return orjson.loads(s)


def init_app(app: APIFlask) -> None:
    app.json = OrjsonProvider(app)

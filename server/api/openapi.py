"""The OpenAPI document at /api/openapi.json: names without "Schema", the arguments of each mutation,
which no route names because push checks them one by one, and the refusals that no route names because
they are every route's."""

import re
from functools import partial
from http import HTTPStatus
from typing import Any

from apiflask import APIFlask
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from server.api.versions import is_versioned
from server.schemas.sync import MUTATIONS

_ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


def _name(schema: Any) -> str:
    cls = schema if isinstance(schema, type) else schema.__class__
    return str(cls.__name__).removesuffix("Schema")


def _complete(app: APIFlask, document: dict[str, Any] | str) -> dict[str, Any] | str:
    if isinstance(document, str):
        raise TypeError("SPEC_FORMAT is json")
    # APIFlask notes the Host of whoever asks first and keeps it for everybody; without it, OpenAPI means this server.
    document.pop("servers", None)
    # It names a tag for each blueprint, and several may be of one kind.
    document["tags"] = list({tag["name"]: tag for tag in document["tags"]}.values())
    spec = APISpec("", "", document["openapi"], plugins=[MarshmallowPlugin(schema_name_resolver=_name)])
    for schema in MUTATIONS.values():
        spec.components.schema(_name(schema), schema=schema)
    for name, shape in spec.to_dict()["components"]["schemas"].items():
        document["components"]["schemas"].setdefault(name, shape)
    _add_refusals(app, document["paths"])
    return document


def _add_refusals(app: APIFlask, paths: dict[str, Any]) -> None:
    """Say of each operation which refusals it shares with others: by who may call it, and by its method."""
    for rule in app.url_map.iter_rules():
        who = getattr(app.view_functions[rule.endpoint], "who", "anyone")
        for method, operation in paths.get(_ARGUMENT.sub(r"{\1}", rule.rule), {}).items():
            if method.upper() not in (rule.methods or ()):
                continue
            # A disk without room may stop readers as well: large answers are sorted on it.
            shared = [
                HTTPStatus.INTERNAL_SERVER_ERROR,
                HTTPStatus.SERVICE_UNAVAILABLE,
                HTTPStatus.INSUFFICIENT_STORAGE,
            ]
            if who != "anyone":
                shared.append(HTTPStatus.UNAUTHORIZED)
            if who not in {"anyone", "signed_in"}:
                shared.append(HTTPStatus.FORBIDDEN)
            if method != "get":
                shared.append(HTTPStatus.BAD_REQUEST)
            if is_versioned(method.upper(), rule.rule):
                shared.append(HTTPStatus.UPGRADE_REQUIRED)
            if "requestBody" in operation:
                shared.append(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            for status in sorted(shared):
                operation["responses"].setdefault(str(int(status)), _refusal(status))


def _refusal(status: HTTPStatus) -> dict[str, Any]:
    shape = {"schema": {"$ref": "#/components/schemas/Error"}}
    return {"description": status.phrase, "content": {"application/json": shape}}


def init_app(app: APIFlask) -> None:
    """Complete the document whenever it is made."""
    app.schema_name_resolver = _name
    app.spec_processor(partial(_complete, app))
    app.config["INFO"] = {
        "description": "实事簿: a ledger of concrete deeds. The sync contract: server/sync/CONTRACT.md."
    }

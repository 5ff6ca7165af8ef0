"""The OpenAPI document at /api/openapi.json: names without "Schema", and the arguments of
each mutation, which no route names because push checks them one by one."""

from typing import Any

from apiflask import APIFlask
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from server.schemas.sync import MUTATIONS


def _name(schema: Any) -> str:
    cls = schema if isinstance(schema, type) else schema.__class__
    return str(cls.__name__).removesuffix("Schema")


def _with_mutations(document: dict[str, Any] | str) -> dict[str, Any] | str:
    if isinstance(document, str):
        raise TypeError("SPEC_FORMAT is json")
    # APIFlask notes the Host of whoever asks first and keeps it for everybody; without it, OpenAPI means this server.
    document.pop("servers", None)
    spec = APISpec("", "", document["openapi"], plugins=[MarshmallowPlugin(schema_name_resolver=_name)])
    for schema in MUTATIONS.values():
        spec.components.schema(_name(schema), schema=schema)
    for name, shape in spec.to_dict()["components"]["schemas"].items():
        document["components"]["schemas"].setdefault(name, shape)
    return document


def init_app(app: APIFlask) -> None:
    app.schema_name_resolver = _name
    app.spec_processor(_with_mutations)
    app.config["INFO"] = {
        "description": "实事簿: a ledger of concrete deeds. The sync contract: server/sync/CONTRACT.md."
    }

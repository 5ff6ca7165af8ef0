"""What every schema shares: strict, and every complaint is a code of domain/refusals.py."""

import re
from typing import Any

from apiflask import Schema as _Schema
from marshmallow import RAISE

from server.domain.refusals import REFUSALS, Refusal

_FIELD = re.compile(r"^[A-Za-z0-9_.]{1,100}\Z")
"""What is named back: never what a stranger made up as a field name."""


class Schema(_Schema):
    """Unknown fields are refused; messages are codes."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "field_unknown", "type": "invalid"}  # noqa: RUF012  (marshmallow reads it so)


def first_refusal(messages: Any, path: tuple[str, ...] = ()) -> Refusal:
    """The first complaint of marshmallow's nested messages, as the API's one error shape."""
    if isinstance(messages, dict) and messages:
        key, value = next(iter(messages.items()))
        return first_refusal(value, path if key == "_schema" else (*path, str(key)))
    code = messages[0] if isinstance(messages, list) and messages else messages
    field = ".".join(path)
    return Refusal(
        code if isinstance(code, str) and code in REFUSALS else "invalid", field if _FIELD.match(field) else None
    )

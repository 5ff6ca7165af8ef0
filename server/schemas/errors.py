"""The one error shape."""

from apiflask import fields

from server.domain.refusals import REFUSALS
from server.schemas.base import Schema
from server.schemas.fields import Choice


class ErrorSchema(Schema):
    """Why something was refused: a stable code, one Chinese sentence that says what to do next, and
    the path of the argument it is about."""

    code = Choice(REFUSALS, required=True)
    message = fields.String(required=True)
    field = fields.String(required=True, allow_none=True)

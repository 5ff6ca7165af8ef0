"""Sessions on the wire."""

from apiflask import fields

from server.domain.words import ROLES
from server.schemas.base import Schema
from server.schemas.fields import Choice, Id, Password, Text, Whole


class SignInSchema(Schema):
    """User name and password."""

    username = Text("username", required=True)
    password = Password(required=True)


class GrantSchema(Schema):
    """A role within an area, or a handler's within a unit."""

    role = Choice(ROLES, required=True)
    area_code = fields.String(required=True, allow_none=True)
    area_name = fields.String(required=True, allow_none=True)
    unit_id = Id(required=True, allow_none=True)
    unit_name = fields.String(required=True, allow_none=True)


class MeSchema(Schema):
    """The user who is signed in."""

    id = Id(required=True)
    username = fields.String(required=True)
    name = fields.String(required=True)
    access_version = Whole(required=True)
    grants = fields.List(fields.Nested(GrantSchema), required=True)


class SessionSchema(Schema):
    """The session: `me` is null when nobody is signed in; `csrf_token` goes into X-CSRFToken."""

    csrf_token = fields.String(required=True)
    server_time = fields.AwareDateTime(required=True)
    me = fields.Nested(MeSchema, required=True, allow_none=True)

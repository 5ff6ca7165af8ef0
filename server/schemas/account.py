"""One's own account on the wire."""

from apiflask import fields
from marshmallow import validate

from server.domain.words import LIMITS
from server.schemas.base import Schema
from server.schemas.fields import Id, messages
from server.schemas.phones import PhoneSchema

_OF_SOME_LENGTH = validate.Length(1, LIMITS["password_max"], error="old_password_wrong")
_LONG_ENOUGH = validate.Length(LIMITS["password_min"], LIMITS["password_max"], error="password_length")


class PasswordsSchema(Schema):
    """The old password and the new one, to the letter."""

    old = fields.String(required=True, error_messages=messages(), validate=_OF_SOME_LENGTH)
    new = fields.String(required=True, error_messages=messages(), validate=_LONG_ENOUGH)


class DeviceSchema(Schema):
    """Where one is signed in; `this`: the device that asks. `last_seen_at` is noted once an hour. `phone_id`: the phone
    that it is, null for an app that has not said so yet."""

    id = fields.String(required=True)
    phone_id = Id(required=True, allow_none=True)
    browser = fields.String(required=True)
    signed_in_at = fields.AwareDateTime(required=True)
    last_seen_at = fields.AwareDateTime(required=True)
    this = fields.Boolean(required=True)


class DevicesSchema(Schema):
    """The devices on which one is signed in, the one in use last first; and every phone that one ever had."""

    devices = fields.List(fields.Nested(DeviceSchema), required=True)
    phones = fields.List(fields.Nested(PhoneSchema), required=True)

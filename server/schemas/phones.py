"""Phones on the wire."""

from apiflask import fields

from server.domain.words import STANDINGS
from server.schemas.base import Schema
from server.schemas.fields import Choice, Id, NewId


class PhoneSchema(Schema):
    """The phone that asks, by the id that it made for itself."""

    device_id = NewId(required=True)


class PhoneKeySchema(Schema):
    """The key under which this user's phones seal what they hold: 32 bytes in base64. It is kept in memory alone."""

    key = fields.String(required=True)


class WhosePhoneSchema(Schema):
    """A phone and its user, asked without a session."""

    user_id = Id(required=True)
    device_id = NewId(required=True)


class StandingSchema(Schema):
    """How the phone stands."""

    standing = Choice(STANDINGS, required=True)

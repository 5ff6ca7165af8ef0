"""Phones on the wire."""

from apiflask import fields

from server.domain.words import STANDINGS
from server.schemas.base import Schema
from server.schemas.fields import Choice, Id, NewId


class OwnIdSchema(Schema):
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


class PhoneSchema(Schema):
    """A phone of somebody's: in words what it is, since when he uses it, and whether it was reported lost. When it was
    used last is nobody's business but his own (P1)."""

    id = Id(required=True)
    browser = fields.String(required=True)
    first_seen_at = fields.AwareDateTime(required=True)
    signed_in = fields.Boolean(required=True)
    lost_at = fields.AwareDateTime(required=True, allow_none=True)


class PhonesSchema(Schema):
    """Every phone that somebody ever had, the one in use last first."""

    phones = fields.List(fields.Nested(PhoneSchema), required=True)

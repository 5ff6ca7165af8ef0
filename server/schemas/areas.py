"""Areas and units on the wire."""

from apiflask import fields

from server.domain.words import LEVELS
from server.schemas.base import Schema
from server.schemas.fields import Choice, Id
from server.schemas.responsibilities import CalendarSchema, KeptRuleSchema


class AreaSchema(Schema):
    """A division; `own` if it was granted to the reader, `initials` for search."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    level = Choice(LEVELS, required=True)
    parent_code = fields.String(required=True, allow_none=True)
    initials = fields.String(required=True)
    own = fields.Boolean(required=True)


class UnitSchema(Schema):
    """A unit that a matter can be assigned to; `is_home`: the township's own government."""

    id = Id(required=True)
    name = fields.String(required=True)
    area_code = fields.String(required=True)
    is_home = fields.Boolean(required=True)


class ReferenceSchema(Schema):
    """Places, units, rules and days off that a phone needs to know."""

    areas = fields.List(fields.Nested(AreaSchema), required=True)
    units = fields.List(fields.Nested(UnitSchema), required=True)
    rules = fields.List(fields.Nested(KeptRuleSchema), required=True)
    calendar = fields.Nested(CalendarSchema, required=True)

"""Tallies on the wire."""

from apiflask import fields
from marshmallow import validate

from server.domain.tallies import MEASURES
from server.domain.words import CATEGORIES, LEVELS
from server.schemas.base import Schema
from server.schemas.fields import Choice, Code, Day, Id, messages
from server.schemas.matters import MatterLineSchema


class TallyQuerySchema(Schema):
    """An area (left out: the reader's first) and a period of days in Asia/Shanghai, both included."""

    area_code = Code("area_not_found")
    first = Day(required=True, data_key="from")
    last = Day(required=True, data_key="to")


class MattersQuerySchema(TallyQuerySchema):
    """Which number's matters: the measure, narrowed to a category or unit; `after` is `next` of the page before."""

    measure = Choice(MEASURES, required=True)
    category = Choice(CATEGORIES)
    unit_id = Id()
    after = fields.String(
        validate=validate.Regexp(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}~[0-9a-f-]{36}\Z", error="invalid"),
        error_messages=messages(),
    )


NumbersSchema = Schema.from_dict({name: fields.Integer(required=True) for name in MEASURES}, name="NumbersSchema")
"""How many matters each measure counts (domain/tallies.py). No visits, by P1."""


class TallyAreaSchema(Schema):
    """The area of a tally; `parent_code` only where the reader may go up."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    level = Choice(LEVELS, required=True)
    parent_code = fields.String(required=True, allow_none=True)


class GrantedAreaSchema(Schema):
    """An area the reader leads."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class AreaRowSchema(Schema):
    """The numbers of an area directly below."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    level = Choice(LEVELS, required=True)
    numbers = fields.Nested(NumbersSchema, required=True)


class CategoryRowSchema(Schema):
    """The numbers of a category."""

    category = Choice(CATEGORIES, required=True)
    numbers = fields.Nested(NumbersSchema, required=True)


class UnitRowSchema(Schema):
    """The numbers of a responsible unit, most overdue first."""

    unit_id = Id(required=True)
    unit_name = fields.String(required=True)
    numbers = fields.Nested(NumbersSchema, required=True)


class MonthRowSchema(Schema):
    """Raised and resolved in a month, YYYY-MM."""

    month = fields.String(required=True)
    raised = fields.Integer(required=True)
    resolved = fields.Integer(required=True)


class TallySchema(Schema):
    """The tally of an area and a period; open and overdue are as of the end of `as_of`."""

    area = fields.Nested(TallyAreaSchema, required=True)
    areas = fields.List(fields.Nested(GrantedAreaSchema), required=True)
    first = fields.Date(required=True, data_key="from", attribute="from")
    last = fields.Date(required=True, data_key="to", attribute="to")
    as_of = fields.Date(required=True)
    total = fields.Nested(NumbersSchema, required=True)
    by_area = fields.List(fields.Nested(AreaRowSchema), required=True)
    by_category = fields.List(fields.Nested(CategoryRowSchema), required=True)
    by_unit = fields.List(fields.Nested(UnitRowSchema), required=True)
    by_month = fields.List(fields.Nested(MonthRowSchema), required=True)


class TallyMattersSchema(Schema):
    """The matters behind a number: how many in all, one page, and the mark of the next."""

    count = fields.Integer(required=True)
    matters = fields.List(fields.Nested(MatterLineSchema), required=True)
    next = fields.String(required=True, allow_none=True)

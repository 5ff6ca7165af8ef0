"""Tallies on the wire."""

from apiflask import fields
from marshmallow import validate

from server.domain.lifecycle import TABLE
from server.domain.tallies import BETWEEN_UNITS, MEASURES
from server.domain.words import CATEGORIES, LEVELS, RATINGS, VISIT_KINDS
from server.schemas.base import Schema
from server.schemas.fields import Choice, Code, Day, Id, messages
from server.schemas.matters import MatterLineSchema

COMMON = tuple(name for name in MEASURES if name not in BETWEEN_UNITS)


class TallyQuerySchema(Schema):
    """An area (left out: the reader's first) and a period of days in Asia/Shanghai, both included."""

    area_code = Code("area_not_found")
    first = Day(required=True, data_key="from")
    last = Day(required=True, data_key="to")


class NarrowedQuerySchema(TallyQuerySchema):
    """Which number's matters: the measure, narrowed to a row of the tally."""

    measure = Choice(MEASURES, required=True)
    category = Choice(CATEGORIES)
    kind = Choice(VISIT_KINDS)
    unit_id = Id()


class MattersQuerySchema(NarrowedQuerySchema):
    """A page of them; `after` is `next` of the page before."""

    after = fields.String(
        validate=validate.Regexp(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}~[0-9a-f-]{36}~[0-9]{1,9}\Z", error="invalid"),
        error_messages=messages(),
    )


class ChangesQuerySchema(TallyQuerySchema):
    """A page of what changed since the period's end; `after` is `next` of the page before."""

    after = fields.String(validate=validate.Regexp(r"^[0-9]{1,18}\Z", error="invalid"), error_messages=messages())


NumbersSchema = Schema.from_dict({name: fields.Integer(required=True) for name in COMMON}, name="NumbersSchema")
"""How many legs of matters each measure counts (domain/tallies.py). No visits, by P1."""

UnitNumbersSchema = Schema.from_dict(
    {name: fields.Integer(required=True) for name in MEASURES}, name="UnitNumbersSchema"
)
"""The same of a unit, with what came to it and what went on to others."""


class PeriodSchema(Schema):
    """Days in Asia/Shanghai, both included."""

    first = fields.Date(required=True, data_key="from")
    last = fields.Date(required=True, data_key="to")


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


class DaysTakenSchema(Schema):
    """How many calendar days it took until matters were resolved: of the `count` resolved in the period, and not on
    the spot, the median and 90th percentile by nearest rank; null of none."""

    count = fields.Integer(required=True)
    median = fields.Integer(required=True, allow_none=True)
    p90 = fields.Integer(required=True, allow_none=True)


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


class OriginRowSchema(Schema):
    """The numbers of what was raised on visits of a kind."""

    kind = Choice(VISIT_KINDS, required=True)
    numbers = fields.Nested(NumbersSchema, required=True)


class UnitRowSchema(Schema):
    """The numbers of a responsible unit, longest overdue first. `longest_overdue_days`: of what is overdue at the end
    of `as_of`; null if nothing is."""

    unit_id = Id(required=True)
    unit_name = fields.String(required=True)
    numbers = fields.Nested(UnitNumbersSchema, required=True)
    longest_overdue_days = fields.Integer(required=True, allow_none=True)


class MonthRowSchema(Schema):
    """What happened in a month, YYYY-MM, and what was open at its end, or is now."""

    month = fields.String(required=True)
    raised = fields.Integer(required=True)
    resolved = fields.Integer(required=True)
    reopened = fields.Integer(required=True)
    open = fields.Integer(required=True)


class HeatSchema(Schema):
    """A category in an area directly below; where all three are zero there is none."""

    code = fields.String(required=True)
    category = Choice(CATEGORIES, required=True)
    raised = fields.Integer(required=True)
    open = fields.Integer(required=True)
    overdue = fields.Integer(required=True)


class TallySchema(Schema):
    """The tally of an area and a period, beside the period before it; open and overdue are as of the end of
    `as_of`. `by_unit` has at most 100 of the units with anything to show, the longest overdue;
    `more_units`: there are more."""

    area = fields.Nested(TallyAreaSchema, required=True)
    areas = fields.List(fields.Nested(GrantedAreaSchema), required=True)
    first = fields.Date(required=True, data_key="from", attribute="from")
    last = fields.Date(required=True, data_key="to", attribute="to")
    as_of = fields.Date(required=True)
    before = fields.Nested(PeriodSchema, required=True)
    total = fields.Nested(NumbersSchema, required=True)
    total_before = fields.Nested(NumbersSchema, required=True)
    days = fields.Nested(DaysTakenSchema, required=True)
    days_before = fields.Nested(DaysTakenSchema, required=True)
    by_area = fields.List(fields.Nested(AreaRowSchema), required=True)
    by_category = fields.List(fields.Nested(CategoryRowSchema), required=True)
    by_origin = fields.List(fields.Nested(OriginRowSchema), required=True)
    by_unit = fields.List(fields.Nested(UnitRowSchema), required=True)
    more_units = fields.Boolean(required=True)
    by_month = fields.List(fields.Nested(MonthRowSchema), required=True)
    heat = fields.List(fields.Nested(HeatSchema), required=True)


class CountedMatterSchema(MatterLineSchema):
    """A matter in the list behind a number, once for each of its legs that the number counts (`id` and `position`
    together are unique). `unit_name`, `due_day` and `overdue` are the leg's; `state` and `closed_at` are the matter's
    now. `closed_day` and `result`: when and how this leg ended with a result; `rated`: what the resident said of it."""

    position = fields.Integer(required=True)
    closed_day = fields.Date(required=True, allow_none=True)
    result = fields.String(required=True, allow_none=True)
    rated = Choice(RATINGS, required=True, allow_none=True)


class TallyMattersSchema(Schema):
    """The matters behind a number: how many in all, one page, and the mark of the next."""

    count = fields.Integer(required=True)
    matters = fields.List(fields.Nested(CountedMatterSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class ChangeLineSchema(Schema):
    """One matter that the period counts otherwise than at its end: `measure` counts it by `change` more (a change of 0
    of what was raised: it went to another category), on `day`; the server heard of it on `received_day`, by `act`."""

    matter_id = Id(required=True)
    title = fields.String(required=True)
    village_name = fields.String(required=True)
    township_name = fields.String(required=True)
    act = Choice(("raise", "rating", *dict.fromkeys(row.act for row in TABLE)), required=True)
    measure = Choice(MEASURES, required=True)
    change = fields.Integer(required=True)
    day = fields.Date(required=True)
    received_day = fields.Date(required=True)


class TallyChangesSchema(Schema):
    """What changed of a period's numbers after the end of the day `since`: each number as it was told then, plus its
    change in `by_measure`, is the number now. `count`: how many lines, on all pages, newest first."""

    since = fields.Date(required=True)
    count = fields.Integer(required=True)
    by_measure = fields.Nested(UnitNumbersSchema, required=True)
    changes = fields.List(fields.Nested(ChangeLineSchema), required=True)
    next = fields.String(required=True, allow_none=True)

"""The responsibility list (权责清单) on the wire."""

from typing import Any

from apiflask import fields
from marshmallow import post_load, validate

from server.domain.duty_cells import COLUMNS
from server.domain.refusals import REFUSALS
from server.domain.responsibilities import Duty
from server.domain.words import CATEGORIES, LIMITS, RESPONSIBILITY_LEVELS
from server.schemas.base import Schema
from server.schemas.fields import Choice, Code, Id, Many, Part, Text, messages


class CountyQuerySchema(Schema):
    """Which county's list; left out: the reader's first."""

    county_code = Code("area_not_found")


class CountySchema(Schema):
    """Which county's list."""

    county_code = Code("area_not_found", required=True)


class DutySchema(Schema):
    """One line as it is saved: `unit_id` null only at level township, where each village's own township acts."""

    category = Choice(CATEGORIES, required=True)
    level = Choice(RESPONSIBILITY_LEVELS, required=True)
    unit_id = Id(required=True, allow_none=True)
    days_allowed = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, LIMITS["days_allowed"], error="days_out_of_range"),
        error_messages=messages("days_out_of_range"),
    )
    legal_basis = Text("legal_basis", allow_none=True)
    township_may_settle = fields.Boolean(required=True, truthy={True}, falsy={False}, error_messages=messages())

    @post_load
    def _duty(self, data: dict[str, Any], **_: Any) -> Duty:
        return Duty(**{**data, "legal_basis": data.get("legal_basis") or ""})


class SaveListSchema(CountySchema):
    """A county's whole list, and the version that it was read at."""

    version = fields.String(required=True, validate=validate.Length(1, 64, error="invalid"), error_messages=messages())
    rules = Many(Part(DutySchema), "rules_per_list", "too_many_rows", required=True)


class NamedAreaSchema(Schema):
    """A place."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class NameableUnitSchema(Schema):
    """A unit that a line can name: one of the county or of an area above it, by its level."""

    id = Id(required=True)
    name = fields.String(required=True)
    level = Choice(RESPONSIBILITY_LEVELS, required=True)


class SaidSchema(Schema):
    """What a line said."""

    unit_id = Id(required=True, allow_none=True)
    unit_name = fields.String(required=True, allow_none=True)
    days_allowed = fields.Integer(required=True)
    legal_basis = fields.String(required=True)
    township_may_settle = fields.Boolean(required=True)


class RuleSchema(SaidSchema):
    """A line that holds now."""

    id = Id(required=True)
    category = Choice(CATEGORIES, required=True)
    level = Choice(RESPONSIBILITY_LEVELS, required=True)
    valid_from = fields.AwareDateTime(required=True)


class ListChangeSchema(Schema):
    """One line that was changed: `before` null: it is new, `after` null: it was struck out."""

    at = fields.AwareDateTime(required=True)
    author_name = fields.String(required=True)
    category = Choice(CATEGORIES, required=True)
    level = Choice(RESPONSIBILITY_LEVELS, required=True)
    before = fields.Nested(SaidSchema, required=True, allow_none=True)
    after = fields.Nested(SaidSchema, required=True, allow_none=True)


class ResponsibilityListSchema(Schema):
    """A county's list as it is now, `version` being its mark, and its latest changes, newest first."""

    county = fields.Nested(NamedAreaSchema, required=True)
    counties = fields.List(fields.Nested(NamedAreaSchema), required=True)
    may_edit = fields.Boolean(required=True)
    version = fields.String(required=True)
    calendar_until = fields.Date(required=True)
    rules = fields.List(fields.Nested(RuleSchema), required=True)
    units = fields.List(fields.Nested(NameableUnitSchema), required=True)
    changes = fields.List(fields.Nested(ListChangeSchema), required=True)
    changes_count = fields.Integer(required=True)


class ImportListSchema(Schema):
    """A file (CSV in UTF-8 or GB 18030, or XLSX) that is read and not saved."""

    file = fields.File(required=True, error_messages=messages())


class ComplaintSchema(Schema):
    """What is wrong with one cell, and what stands in it."""

    field = Choice(COLUMNS, required=True)
    code = Choice(REFUSALS, required=True)
    message = fields.String(required=True)
    said = fields.String(required=True)


class ReadLineSchema(Schema):
    """A line of the file, as far as it was understood: what was not is null and has a complaint."""

    row = fields.Integer(required=True)
    category = Choice(CATEGORIES, required=True, allow_none=True)
    level = Choice(RESPONSIBILITY_LEVELS, required=True, allow_none=True)
    unit_id = Id(required=True, allow_none=True)
    days_allowed = fields.Integer(required=True, allow_none=True)
    legal_basis = fields.String(required=True)
    township_may_settle = fields.Boolean(required=True)
    complaints = fields.List(fields.Nested(ComplaintSchema), required=True)


class ReadListSchema(Schema):
    """What a file says; `ignored`: headings of columns that the list does not have."""

    rows = fields.List(fields.Nested(ReadLineSchema), required=True)
    ignored = fields.List(fields.String(), required=True)


class KeptRuleSchema(Schema):
    """A rule as a phone holds it, also one that has ended: what was raised before is by that one."""

    id = Id(required=True)
    county_code = fields.String(required=True)
    category = Choice(CATEGORIES, required=True)
    level = Choice(RESPONSIBILITY_LEVELS, required=True)
    unit_id = Id(required=True, allow_none=True)
    days_allowed = fields.Integer(required=True)
    township_may_settle = fields.Boolean(required=True)
    valid_from = fields.AwareDateTime(required=True)
    valid_until = fields.AwareDateTime(required=True, allow_none=True)


class CalendarSchema(Schema):
    """Which days differ from Monday to Friday, in the years that are known."""

    days_off = fields.List(fields.Date(), required=True)
    working_days = fields.List(fields.Date(), required=True)

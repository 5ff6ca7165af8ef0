"""Areas and units on the wire, as their administrator sees them."""

from apiflask import fields

from server.domain.words import LEVELS
from server.schemas.base import Schema
from server.schemas.fields import Choice, Code, Id, Text, messages


class AreaQuerySchema(Schema):
    """An area; left out: the reader's first."""

    code = Code("area_not_found")


class AreaLineSchema(Schema):
    """A division."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    level = Choice(LEVELS, required=True)


class OwnAreaSchema(Schema):
    """An area that the reader administers."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class UnitLineSchema(Schema):
    """A unit at an area; `is_home`: the township's own government, which is called after it."""

    id = Id(required=True)
    name = fields.String(required=True)
    is_home = fields.Boolean(required=True)


class AreaPageSchema(Schema):
    """An area with its units and what lies directly below; `parent_code` only where the reader may go up."""

    area = fields.Nested(AreaLineSchema, required=True)
    parent_code = fields.String(required=True, allow_none=True)
    areas = fields.List(fields.Nested(OwnAreaSchema), required=True)
    units = fields.List(fields.Nested(UnitLineSchema), required=True)
    children = fields.List(fields.Nested(AreaLineSchema), required=True)


class NewUnitSchema(Schema):
    """A new unit at an area."""

    name = Text("unit_name", required=True)
    area_code = Code("area_not_found", required=True)


class PlaceNameSchema(Schema):
    """The new name of an area or a unit."""

    name = Text("unit_name", required=True)


class DivisionsFileSchema(Schema):
    """A CSV file of divisions: code, name, level, parent_code; parents first."""

    file = fields.File(required=True, error_messages=messages("field_required"))


class RefusedRowSchema(Schema):
    """A row of the file that is wrong, and why."""

    line = fields.Integer(required=True)
    name = fields.String(required=True)
    why = fields.String(required=True)


class ImportedSchema(Schema):
    """What an import did: all rows, or, if any is wrong, none. At most a hundred of the wrong ones are listed."""

    imported = fields.Integer(required=True)
    refused_count = fields.Integer(required=True)
    refused = fields.List(fields.Nested(RefusedRowSchema), required=True)

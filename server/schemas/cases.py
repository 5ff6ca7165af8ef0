"""The case library (好经验) on the wire."""

from apiflask import fields

from server.domain.anonymous import KINDS
from server.domain.words import CATEGORIES
from server.schemas.base import Schema
from server.schemas.fields import Choice, Id, Text


class CaseTextsSchema(Schema):
    """What a leader wants a case to say."""

    category = Choice(CATEGORIES, required=True)
    title = Text("title", required=True)
    problem = Text("case_text", required=True)
    deed = Text("case_text", required=True)


class ReplacedSchema(Schema):
    """How often something of a kind was replaced; never what it was (P6)."""

    kind = Choice(KINDS, required=True)
    count = fields.Integer(required=True)


class CaseDraftSchema(Schema):
    """What a case says, or may say, without persons and places. `listed`: it is in the library."""

    category = Choice(CATEGORIES, required=True)
    title = fields.String(required=True)
    problem = fields.String(required=True)
    deed = fields.String(required=True)
    replaced = fields.List(fields.Nested(ReplacedSchema), required=True)
    listed = fields.Boolean(required=True)


class CaseSchema(Schema):
    """One case of the library. `matter_id` only for a leader of its area, who may change or withdraw it."""

    id = Id(required=True)
    category = Choice(CATEGORIES, required=True)
    title = fields.String(required=True)
    problem = fields.String(required=True)
    deed = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)
    matter_id = Id(required=True, allow_none=True)


class CasesSchema(Schema):
    """The whole library, the newest first."""

    cases = fields.List(fields.Nested(CaseSchema), required=True)


class WithdrawnSchema(Schema):
    """It is no longer in the library."""

    listed = fields.Boolean(required=True)

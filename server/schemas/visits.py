"""Visits on the wire: what a phone records, and what it gets back."""

from typing import Any

from apiflask import fields
from marshmallow import post_load

from server.domain import commands
from server.domain.words import CATEGORIES, VISIT_KINDS
from server.schemas.base import Schema
from server.schemas.fields import Choice, ClaimedTime, Code, Id, Many, NewId, Part, Phone, RatingCode, Text


class ResidentSchema(Schema):
    """Who asked, if he wanted to be named."""

    name = Text("resident_name", allow_none=True)
    phone = Phone(allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> commands.Resident:
        """The resident as the commands hold him."""
        return commands.Resident(**data)


class ResolvedOnTheSpotSchema(Schema):
    """现场办结: what changed for the resident."""

    event_id = NewId(required=True)
    text = Text("text", required=True)
    rating_code = RatingCode(allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> commands.ResolvedOnTheSpot:
        """What was resolved, as the commands hold it."""
        return commands.ResolvedOnTheSpot(**data)


class NewMatterSchema(Schema):
    """A matter raised during the visit; without `resolved` it is 待办."""

    id = NewId(required=True)
    raised_event_id = NewId(required=True)
    title = Text("title", required=True)
    category = Choice(CATEGORIES, required=True)
    detail = Text("detail", allow_none=True)
    resident = Part(ResidentSchema, allow_none=True)
    resolved = Part(ResolvedOnTheSpotSchema, allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> commands.NewMatter:
        """The matter as the commands hold it."""
        return commands.NewMatter(**data)


class RecordVisitSchema(Schema):
    """The arguments of `visit.record`."""

    id = NewId(required=True)
    kind = Choice(VISIT_KINDS, required=True)
    village_code = Code("village_unknown", required=True)
    happened_at = ClaimedTime(required=True)
    note = Text("note", allow_none=True, load_default=None)
    matters = Many(Part(NewMatterSchema), "matters_per_visit", "too_many_matters", required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> commands.RecordVisit:
        """The arguments as a command."""
        return commands.RecordVisit(**data)


class VisitSchema(Schema):
    """One of the reader's own visits."""

    id = Id(required=True)
    kind = Choice(VISIT_KINDS, required=True)
    village_code = fields.String(required=True)
    village_name = fields.String(required=True)
    note = fields.String(required=True, allow_none=True)
    happened_at = fields.AwareDateTime(required=True)
    backfill = fields.Boolean(required=True)

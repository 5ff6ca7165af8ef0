"""Matters and events on the wire."""

from typing import Any

from apiflask import fields
from marshmallow import ValidationError, post_load, validates_schema

from server.domain import commands
from server.domain.lifecycle import STATES, TABLE
from server.domain.matters import CORRECTABLE
from server.domain.refusals import KEPT_AS_NOTE
from server.domain.words import (
    CATEGORIES,
    RATING_SOURCES,
    RATINGS,
    RETURN_REASONS,
    SET_ASIDE_REASONS,
    VISIT_KINDS,
)
from server.schemas.base import Schema
from server.schemas.fields import Choice, ClaimedTime, Day, Id, NewId, Part, Phone, RatingCode, Text
from server.schemas.visits import ResidentSchema

ACTS = tuple(dict.fromkeys(row.act for row in TABLE))
RELATIONS = ("author", "cadre", "coordinator", "handler", "leader", "township")


class ActOnMatterSchema(Schema):
    """The arguments of `matter.act`."""

    event_id = NewId(required=True)
    matter_id = Id(required=True)
    act = Choice([act for act in ACTS if act != "correct"], required=True)
    happened_at = ClaimedTime(required=True)
    text = Text("text", allow_none=True)
    unit_id = Id(allow_none=True)
    due_day = Day(allow_none=True)
    into_id = Id(allow_none=True)
    reason = Choice(RETURN_REASONS, allow_none=True)
    rating_code = RatingCode(allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> commands.ActOnMatter:
        """The arguments as a command."""
        return commands.ActOnMatter(**data)


class SeenSchema(Schema):
    """What stood in the fields on the phone when they were changed."""

    title = Text("title")
    category = Choice(CATEGORIES)
    detail = Text("detail", allow_none=True)
    resident_name = Text("resident_name", allow_none=True)
    resident_phone = Phone(allow_none=True)


class ChangesSchema(SeenSchema):
    """What is to stand instead; null empties an optional field."""

    @validates_schema
    def keep_a_title(self, data: dict[str, Any], **_: Any) -> None:
        if "title" in data and not data["title"]:
            raise ValidationError("field_required", "title")


class CorrectMatterSchema(Schema):
    """The arguments of `matter.correct`."""

    event_id = NewId(required=True)
    matter_id = Id(required=True)
    happened_at = ClaimedTime(required=True)
    text = Text("text", allow_none=True)
    changes = Part(ChangesSchema, required=True)
    seen = Part(SeenSchema)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> commands.CorrectMatter:
        """The arguments as a command."""
        return commands.CorrectMatter(**data)


class ChangeSchema(Schema):
    """One corrected field. `overtook`: who corrected it had not seen `before`, which somebody put there meanwhile."""

    field = Choice(CORRECTABLE, required=True)
    before = fields.String(required=True, allow_none=True)
    after = fields.String(required=True, allow_none=True)
    overtook = fields.Boolean()


class SetAsideSchema(Schema):
    """What a resident said that doesn't count, with the leader's reason and sentence."""

    value = Choice(RATINGS, required=True)
    reason = Choice(SET_ASIDE_REASONS, required=True)
    text = fields.String(required=True)


class EventSchema(Schema):
    """One entry of a matter's history, in the server's order. `refused_because`: it came too late
    and is kept as a note. `clock_offset_s` is server minus device clock. `comment`: the sentence that came with a
    resident's rating, only for who handles the matter (P6). `set_aside`: that rating doesn't count; on a settlement,
    one that never had an entry. `taken_in_by`: who took it in, if it was handed in from a phone that was taken away."""

    id = Id(required=True)
    act = Choice(("raise", *ACTS), required=True)
    text = fields.String(required=True, allow_none=True)
    actor_name = fields.String(required=True)
    happened_at = fields.AwareDateTime(required=True)
    received_at = fields.AwareDateTime(required=True)
    backfill = fields.Boolean(required=True)
    clock_offset_s = fields.Integer(required=True)
    from_state = Choice(STATES, required=True, allow_none=True)
    to_state = Choice(STATES, required=True)
    refused_because = Choice(KEPT_AS_NOTE, required=True, allow_none=True)
    unit_name = fields.String(required=True, allow_none=True)
    due_day = fields.Date(required=True, allow_none=True)
    reason = Choice(RETURN_REASONS, required=True, allow_none=True)
    rating = Choice(RATINGS, required=True, allow_none=True)
    comment = fields.String(allow_none=True)
    set_aside = fields.Nested(SetAsideSchema, allow_none=True)
    taken_in_by = fields.String()
    changes = fields.List(fields.Nested(ChangeSchema), required=True)


class MatterSchema(Schema):
    """A matter with its history, as one reader sees it: `resident` is null unless he handles it,
    `relations` are his, for the lifecycle table."""

    id = Id(required=True)
    visit_id = Id(required=True, allow_none=True)
    visit_kind = Choice(VISIT_KINDS, required=True, allow_none=True)
    village_code = fields.String(required=True)
    village_name = fields.String(required=True)
    title = fields.String(required=True)
    category = Choice(CATEGORIES, required=True)
    detail = fields.String(required=True, allow_none=True)
    resident = fields.Nested(ResidentSchema, required=True, allow_none=True)
    state = Choice(STATES, required=True)
    unit_id = Id(required=True)
    unit_name = fields.String(required=True)
    due_day = fields.Date(required=True)
    raised_at = fields.AwareDateTime(required=True)
    received_at = fields.AwareDateTime(required=True)
    backfill = fields.Boolean(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)
    on_the_spot = fields.Boolean(required=True)
    merged_into_id = Id(required=True, allow_none=True)
    beyond_power_day = fields.Date(required=True, allow_none=True)
    responsibility_id = Id(required=True, allow_none=True)
    author_id = Id(required=True)
    author_name = fields.String(required=True)
    relations = fields.List(Choice(RELATIONS), required=True)
    events = fields.List(fields.Nested(EventSchema), required=True)


class RatingOfMatterSchema(Schema):
    """What a resident said of one settlement (`event_id`), and what became of it: `held` until a leader has looked
    at a burst, or set aside with a reason. `comment` only for who handles the matter or leads its area."""

    event_id = Id(required=True)
    source = Choice(RATING_SOURCES, required=True)
    value = Choice(RATINGS, required=True)
    comment = fields.String(required=True, allow_none=True)
    rated_at = fields.AwareDateTime(required=True)
    changed_at = fields.AwareDateTime(required=True, allow_none=True)
    held = fields.Boolean(required=True)
    set_aside_reason = Choice(SET_ASIDE_REASONS, required=True, allow_none=True)
    set_aside_text = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)


class MatterDetailSchema(MatterSchema):
    """A matter read from the server, by someone who may not know its township."""

    township_name = fields.String(required=True)
    ratings = fields.List(fields.Nested(RatingOfMatterSchema), required=True)


class MatterLineSchema(Schema):
    """A matter in a leader's list."""

    id = Id(required=True)
    title = fields.String(required=True)
    category = Choice(CATEGORIES, required=True)
    village_name = fields.String(required=True)
    township_name = fields.String(required=True)
    unit_name = fields.String(required=True)
    state = Choice(STATES, required=True)
    due_day = fields.Date(required=True)
    raised_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)
    overdue = fields.Boolean(required=True)

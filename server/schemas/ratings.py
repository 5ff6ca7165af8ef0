"""Ratings on the wire: what the resident's page sends, and what leaders look at and decide."""

from typing import Any

from apiflask import fields
from marshmallow import ValidationError, pre_load, validates_schema

from server.domain.lifecycle import STATES
from server.domain.ratings import DECISIONS, LISTS, NOT_DECIDED_BECAUSE
from server.domain.text import without_invisible
from server.domain.words import RATINGS, SET_ASIDE_REASONS
from server.schemas.base import Schema
from server.schemas.fields import Choice, Code, Id, Text
from server.schemas.matters import RatingOfMatterSchema


class AnswerSchema(Schema):
    """The form of the resident's page. What a keyboard slips in unseen is dropped: there is no script to do it."""

    value = Choice(RATINGS, required=True)
    comment = Text("comment", allow_none=True)

    @pre_load
    def drop_what_cannot_be_seen(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if isinstance(data.get("comment"), str):
            # A browser sends each line break as two characters, and counts it as one against maxlength.
            data = {**data, "comment": without_invisible(data["comment"].replace("\r\n", "\n"))}
        return data


class RatingsQuerySchema(Schema):
    """Which ratings, in which area (left out: the reader's first); `after` is `next` of the page before."""

    area_code = Code("area_not_found")
    which = Choice(LISTS, required=True)
    after = Id()


class RatingLineSchema(RatingOfMatterSchema):
    """A rating in a leader's list, with what it is about. `not_decided_because`: a refusal's code, if
    somebody else than the reader decides."""

    id = Id(required=True)
    matter_id = Id(required=True)
    title = fields.String(required=True)
    result = fields.String(required=True, allow_none=True)
    village_name = fields.String(required=True)
    township_name = fields.String(required=True)
    unit_name = fields.String(required=True)
    state = Choice(STATES, required=True)
    not_decided_because = Choice(NOT_DECIDED_BECAUSE, required=True, allow_none=True)


class RatingsSchema(Schema):
    """How many in all, one page of them, newest first, and the mark of the next."""

    count = fields.Integer(required=True)
    ratings = fields.List(fields.Nested(RatingLineSchema), required=True)
    next = Id(required=True, allow_none=True)


class DecidedSchema(Schema):
    """The rating as it stands after the decision."""

    rating = fields.Nested(RatingLineSchema, required=True)


class DecisionSchema(Schema):
    """What a leader decides: `count`, or `set_aside` with a reason and a sentence."""

    decision = Choice(DECISIONS, required=True)
    reason = Choice(SET_ASIDE_REASONS, allow_none=True)
    text = Text("text", allow_none=True)

    @validates_schema
    def give_a_reason_for_setting_aside(self, data: dict[str, Any], **_: Any) -> None:
        for name in ("reason", "text"):
            if data["decision"] == "set_aside" and not data.get(name):
                raise ValidationError("field_required", name)
            if data["decision"] == "count" and data.get(name):
                raise ValidationError("field_unknown", name)

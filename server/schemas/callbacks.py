"""Callbacks on the wire: draws, their proof, and the calls that one leader has to make."""

from apiflask import fields
from marshmallow import validate

from server.domain.words import CALLBACK_OUTCOMES, CATEGORIES, LEVELS
from server.schemas.base import Schema
from server.schemas.fields import Choice, Code, Day, Id, Text, messages
from server.schemas.visits import ResidentSchema


class CallSchema(Schema):
    """A call to make: what was raised, what was done, and whom to ask. `resident` is told to the caller alone,
    and only until he has said what came of it (P6)."""

    id = Id(required=True)
    matter_id = Id(required=True)
    title = fields.String(required=True)
    category = Choice(CATEGORIES, required=True)
    detail = fields.String(required=True, allow_none=True)
    settled = Choice(("resolve", "explain"), required=True)
    deed = fields.String(required=True, allow_none=True)
    settled_day = fields.Date(required=True)
    village_name = fields.String(required=True)
    township_name = fields.String(required=True)
    resident = fields.Nested(ResidentSchema, required=True)


class CallsSchema(Schema):
    """The calls that the reader still has to make, the oldest settlement first."""

    calls = fields.List(fields.Nested(CallSchema), required=True)


class OutcomeSchema(Schema):
    """What came of a call; `text`: what the resident said besides, or why there was no answer."""

    outcome = Choice(CALLBACK_OUTCOMES, required=True)
    text = Text("comment", allow_none=True, load_default=None)


class DrawWantedSchema(Schema):
    """A township, or an area above: every township in it. Days in Asia/Shanghai, both included."""

    area_code = Code("area_not_found", required=True)
    first = Day(required=True, data_key="from")
    last = Day(required=True, data_key="to")


class DrawsQuerySchema(Schema):
    """An area (left out: the reader's first); `after` is `next` of the page before."""

    area_code = Code("area_not_found")
    after = fields.String(
        validate=validate.Regexp(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}~[0-9a-f-]{36}\Z", error="invalid"),
        error_messages=messages(),
    )


class DrawnPlaceSchema(Schema):
    """An area in which can be drawn."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    level = Choice(LEVELS, required=True)


class DrawSchema(Schema):
    """One drawing. `from`, `to`: the days on which the server heard of the settlements. Of `settled` matters
    `could_be_drawn` had a phone number and no word yet; `size` were drawn, `called` of them reached an outcome,
    `answered` gave their word, `confirmed` said 满意 or 基本满意."""

    id = Id(required=True)
    area_code = fields.String(required=True)
    area_name = fields.String(required=True)
    first = fields.Date(required=True, data_key="from", attribute="from")
    last = fields.Date(required=True, data_key="to", attribute="to")
    drawn_at = fields.AwareDateTime(required=True)
    settled = fields.Integer(required=True)
    could_be_drawn = fields.Integer(required=True)
    size = fields.Integer(required=True)
    called = fields.Integer(required=True)
    answered = fields.Integer(required=True)
    confirmed = fields.Integer(required=True)


class DrawsSchema(Schema):
    """The draws of an area, the latest days first, and the mark of the next page. `places`: the reader's own areas,
    and those directly below `area`."""

    area = fields.Nested(DrawnPlaceSchema, required=True)
    places = fields.List(fields.Nested(DrawnPlaceSchema), required=True)
    draws = fields.List(fields.Nested(DrawSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class DrawnSchema(Schema):
    """What was drawn now, and in which townships some of these days had been drawn before."""

    draws = fields.List(fields.Nested(DrawSchema), required=True)
    before = fields.List(fields.Nested(DrawnPlaceSchema), required=True)


class DrawnCallSchema(Schema):
    """One call of a draw, without the resident. `moot`: nobody is to be asked any more, for he gave his word
    himself or the matter was opened again."""

    event_id = Id(required=True)
    matter_id = Id(required=True)
    title = fields.String(required=True)
    village_name = fields.String(required=True)
    caller_name = fields.String(required=True)
    outcome = Choice(CALLBACK_OUTCOMES, required=True, allow_none=True)
    text = fields.String(required=True, allow_none=True)
    moot = fields.Boolean(required=True)


class DrawProofSchema(DrawSchema):
    """A drawing that can be checked: sort `population` by SHA-256 of "<seed>:<id>" (lower-case hexadecimal), and the
    first `size` are those of `calls`."""

    seed = fields.String(required=True)
    population = fields.List(Id(), required=True)
    calls = fields.List(fields.Nested(DrawnCallSchema), required=True)

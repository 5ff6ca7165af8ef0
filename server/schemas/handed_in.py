"""What a phone hands in that was taken away, and what a coordinator reads of it."""

from apiflask import fields

from server.domain.matters import CORRECTABLE
from server.domain.words import CATEGORIES, RETURN_REASONS, VISIT_KINDS
from server.schemas.base import Schema
from server.schemas.errors import ErrorSchema
from server.schemas.fields import Choice, ClaimedTime, Id, Many, NewId, Part, Text, messages
from server.schemas.matters import ACTS
from server.schemas.visits import ResidentSchema


class SealedEntrySchema(Schema):
    """A row of the outbox as it is sealed on the phone, in base64; `id`: its mutation's."""

    id = NewId(required=True)
    sealed = fields.String(required=True, error_messages=messages())


class HandInSchema(Schema):
    """What lay unsent on a phone, oldest first; `sent_at` is its clock when sending."""

    user_id = Id(required=True)
    device_id = NewId(required=True)
    sent_at = ClaimedTime(required=True)
    entries = Many(Part(SealedEntrySchema), "mutations_per_push", required=True, at_least_one=True)


class TakenEntrySchema(Schema):
    """What became of an entry: a coordinator sees it, it was applied before, or it cannot be read and never will."""

    id = Id(required=True)
    status = Choice(("kept", "known", "unreadable"), required=True)


class TakenSchema(Schema):
    """One for each entry, in the same order: the phone may delete them all."""

    entries = fields.List(fields.Nested(TakenEntrySchema), required=True)


class HandedInMatterSchema(Schema):
    """A matter of a visit that was handed in; `resolved`: what was done on the spot."""

    title = fields.String(required=True)
    category = Choice(CATEGORIES, required=True)
    detail = fields.String(required=True, allow_none=True)
    resident = fields.Nested(ResidentSchema, required=True, allow_none=True)
    resolved = fields.String(required=True, allow_none=True)


class HandedInVisitSchema(Schema):
    """A visit."""

    kind = Choice(VISIT_KINDS, required=True)
    note = fields.String(required=True, allow_none=True)
    matters = fields.List(fields.Nested(HandedInMatterSchema), required=True)


class HandedInActSchema(Schema):
    """An act on the matter called `title` (null: it is not there); `into`: the title of the one it is merged into."""

    act = Choice(ACTS, required=True)
    title = fields.String(required=True, allow_none=True)
    text = fields.String(required=True, allow_none=True)
    unit_name = fields.String(required=True, allow_none=True)
    due_day = fields.Date(required=True, allow_none=True)
    into = fields.String(required=True, allow_none=True)
    reason = Choice(RETURN_REASONS, required=True, allow_none=True)


class HandedInChangeSchema(Schema):
    """A field, and what is to stand in it."""

    field = Choice(CORRECTABLE, required=True)
    after = fields.String(required=True, allow_none=True)


class HandedInCorrectionSchema(Schema):
    """A correction of the matter called `title` (null: it is not there)."""

    title = fields.String(required=True, allow_none=True)
    text = fields.String(required=True, allow_none=True)
    changes = fields.List(fields.Nested(HandedInChangeSchema), required=True)


class HandedInSchema(Schema):
    """One entry: a visit, an act or a correction; none of them where it cannot be understood (`problem` says why).
    `phone`: in words; `made_at` and `happened_at` as claimed."""

    id = Id(required=True)
    author_id = Id(required=True)
    author_name = fields.String(required=True)
    phone = fields.String(required=True)
    handed_in_at = fields.AwareDateTime(required=True)
    made_at = fields.AwareDateTime(required=True)
    area_name = fields.String(required=True)
    happened_at = fields.AwareDateTime(required=True, allow_none=True)
    problem = fields.Nested(ErrorSchema, required=True, allow_none=True)
    visit = fields.Nested(HandedInVisitSchema, required=True, allow_none=True)
    act = fields.Nested(HandedInActSchema, required=True, allow_none=True)
    correction = fields.Nested(HandedInCorrectionSchema, required=True, allow_none=True)


class HandedInListSchema(Schema):
    """What waits for the reader's decision: the first hundred of `count`, person by person, in the order of the
    phone."""

    count = fields.Integer(required=True)
    entries = fields.List(fields.Nested(HandedInSchema), required=True)


class DropSchema(Schema):
    """Why an entry is left out."""

    reason = Text("text", required=True)

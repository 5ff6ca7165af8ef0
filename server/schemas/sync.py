"""The sync on the wire (server/sync/CONTRACT.md)."""

from apiflask import fields
from marshmallow import validate

from server.schemas.base import Schema
from server.schemas.errors import ErrorSchema
from server.schemas.fields import Choice, ClaimedTime, Id, Many, NewId, Part, Whole, messages
from server.schemas.matters import ActOnMatterSchema, CorrectMatterSchema, MatterSchema
from server.schemas.visits import RecordVisitSchema, VisitSchema

MUTATIONS: dict[str, type[Schema]] = {
    "visit.record": RecordVisitSchema,
    "matter.act": ActOnMatterSchema,
    "matter.correct": CorrectMatterSchema,
}
"""What can be asked for in a push, and the schema of its arguments."""


class MutationSchema(Schema):
    """One mutation. Its arguments are checked when its turn comes, so that one bad mutation does not
    hold up the others; their schemas are RecordVisit, ActOnMatter and CorrectMatter."""

    id = NewId(required=True)
    name = fields.String(
        required=True,
        validate=validate.Regexp(r"^[a-z.]{1,32}\Z", error="mutation_unknown"),
        error_messages=messages(),
    )
    made_at = ClaimedTime(required=True)
    args = fields.Dict(keys=fields.String(), required=True, error_messages=messages())


class PushSchema(Schema):
    """Up to 100 mutations of one device, oldest first; `sent_at` is the device's clock when sending."""

    device_id = NewId(required=True)
    sent_at = ClaimedTime(required=True)
    mutations = Many(Part(MutationSchema), "mutations_per_push", required=True, at_least_one=True)


class ReceiptSchema(Schema):
    """What became of a mutation."""

    id = Id(required=True)
    status = Choice(("applied", "rejected"), required=True)
    error = fields.Nested(ErrorSchema, required=True, allow_none=True)


class ReceiptsSchema(Schema):
    """One receipt a mutation, in the same order."""

    server_time = fields.AwareDateTime(required=True)
    receipts = fields.List(fields.Nested(ReceiptSchema), required=True)


class CursorSchema(Schema):
    """How far the phone has read a scope."""

    scope = fields.String(required=True, validate=validate.Length(1, 48, error="invalid"), error_messages=messages())
    version = Whole(required=True)


class PullSchema(Schema):
    """The phone's cursors, and the access version they belong to."""

    device_id = NewId(required=True)
    access_version = Whole(required=True)
    cursors = Many(Part(CursorSchema), "scopes_per_pull", required=True)


class RemovedSchema(Schema):
    """A record that is no longer visible to the reader."""

    kind = Choice(("visit", "matter"), required=True)
    id = Id(required=True)


class ScopeChangesSchema(Schema):
    """A page of one scope: `version` is the new cursor; `more`: ask again."""

    scope = fields.String(required=True)
    version = Whole(required=True)
    more = fields.Boolean(required=True)
    visits = fields.List(fields.Nested(VisitSchema), required=True)
    matters = fields.List(fields.Nested(MatterSchema), required=True)
    removed = fields.List(fields.Nested(RemovedSchema), required=True)


class PulledSchema(Schema):
    """What changed; `reset`: it starts from the beginning, drop what is held (rule 9). `left`: about so many records
    are still to come after this page."""

    server_time = fields.AwareDateTime(required=True)
    access_version = Whole(required=True)
    reset = fields.Boolean(required=True)
    scopes = fields.List(fields.Nested(ScopeChangesSchema), required=True)
    left = fields.Integer(required=True)
    lost_scopes = fields.List(fields.String(), required=True)

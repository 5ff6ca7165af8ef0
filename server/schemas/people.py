"""Accounts on the wire, as their administrator sees them."""

from apiflask import fields

from server.domain.words import ROLES
from server.schemas.base import Schema
from server.schemas.fields import Choice, Code, Id, Many, Part, Text


class PeopleQuerySchema(Schema):
    """Whom to look for, in a body: an address with names in it would stand in logs. `words`: in the name, the
    user name or where he works; `after`: `next` of the page before."""

    words = Text("user_name", allow_none=True)
    role = Choice(ROLES, allow_none=True)
    area_code = Code("area_not_found", allow_none=True)
    after = Text("username", allow_none=True)


class NewGrantSchema(Schema):
    """A role to give: in an area, or a handler's in a unit."""

    role = Choice(ROLES, required=True)
    area_code = Code("area_not_found")
    unit_id = Id()


class RoleToGiveSchema(NewGrantSchema):
    """A role to give to somebody who has an account."""


class NewPersonSchema(Schema):
    """A new account; the server makes its password."""

    username = Text("username", required=True)
    name = Text("user_name", required=True)
    grants = Many(Part(NewGrantSchema), "grants_per_person", required=True, at_least_one=True)


class NewNameSchema(Schema):
    """The new name of a person."""

    name = Text("user_name", required=True)


class HeldGrantSchema(Schema):
    """A role that somebody has; `where` says it in words."""

    id = Id(required=True)
    role = Choice(ROLES, required=True)
    area_code = fields.String(required=True, allow_none=True)
    unit_id = Id(required=True, allow_none=True)
    where = fields.String(required=True)


class PersonSchema(Schema):
    """An account. `closed`: he can't sign in; `himself`: the reader's own, which he can't change."""

    id = Id(required=True)
    username = fields.String(required=True)
    name = fields.String(required=True)
    closed = fields.Boolean(required=True)
    himself = fields.Boolean(required=True)
    grants = fields.List(fields.Nested(HeldGrantSchema), required=True)


class PeopleSchema(Schema):
    """A page of accounts by user name; `count` of all pages."""

    count = fields.Integer(required=True)
    people = fields.List(fields.Nested(PersonSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class OnePersonSchema(Schema):
    """An account; `password` only where one was made just now: it is said this once."""

    person = fields.Nested(PersonSchema, required=True)
    password = fields.String(required=True, allow_none=True)

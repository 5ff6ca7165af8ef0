"""A mutation as it arrived, read as far as it can be understood."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from marshmallow import ValidationError

from server.domain.commands import Command
from server.domain.refusals import Refusal
from server.schemas.base import first_refusal
from server.schemas.sync import MUTATIONS
from server.store.tables import Mutation
from server.store.types import current_cipher

LARGEST_MUTATION = 256 * 1024
"""Bytes of a mutation's name and arguments. The largest visit that a form lets through (20 matters, every
text at its limit, four bytes a character) has about 215,000."""

_SCHEMAS = {name: schema() for name, schema in MUTATIONS.items()}
"""Made once: each copies its fields, which takes longer than to read a mutation with them."""


@dataclass(frozen=True)
class Sent:
    """A mutation as it arrived: `command`, or why there is none. `said` is what is kept of it if it
    is refused; None if it is too large, or nested too deep to be written down again."""

    id: UUID
    name: str
    made_at: datetime
    contents: bytes
    said: dict[str, Any] | None
    command: Command | None
    refusal: Refusal | None


def read_sent(mutation: dict[str, Any]) -> Sent:
    """A mutation of MutationSchema; what is wrong with its arguments is its `refusal`."""
    name, args = mutation["name"], mutation["args"]
    said: dict[str, Any] | None = {"name": name, "args": args}
    command, refusal = None, None
    try:
        contents = orjson.dumps([name, args], option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:  # takes 254 levels, and reads a thousand
        contents, said, refusal = b"", None, Refusal("invalid", "args")
    if len(contents) > LARGEST_MUTATION:
        said, refusal = None, Refusal("mutation_too_large", "args")
    elif refusal is None:
        command, refusal = _understand(name, args)
    return Sent(mutation["id"], name, mutation["made_at"], contents, said, command, refusal)


def is_receipt_of(receipt: Mutation, user_id: UUID, one: Sent) -> bool:
    """True if this is the answer that the same user had for the same contents."""
    return receipt.user_id == user_id and current_cipher().recognises(receipt.contents_hash, one.contents)


def _understand(name: str, args: dict[str, Any]) -> tuple[Command | None, Refusal | None]:
    schema = _SCHEMAS.get(name)
    if schema is None:
        return None, Refusal("mutation_unknown", "name")
    try:
        return schema.load(args), None
    except ValidationError as error:
        return None, first_refusal(error.messages)

"""Matters as JSON, each as one reader may see it. What all readers are told alike is made once and kept ready
(store/ready.py); a reader's own are his relations, and whether he sees the resident (P6)."""

from collections.abc import Iterator, Mapping, Set
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from server.actions.matters_seen import as_told
from server.domain.access import Actor, MatterLike, may_see_matter, relations, sees_resident
from server.store.matters import read_matters
from server.store.ready import Audience, ready_matters, versions_of
from server.store.tables import Matter
from server.store.types import current_cipher

WORTH_KEEPING = 50
"""Fewer that were not ready are made again for the next reader: a transaction would take longer."""


class Telling:
    """What one reader is told in one pull. `names`: the version of the names, read before anything else."""

    def __init__(self, session: Session, actor: Actor, names: int) -> None:
        self.session = session
        self.actor = actor
        self._names = names
        self._own_parts: dict[str, tuple[bytes, bool]] = {}
        self.made: list[dict[str, Any]] = []
        """Rows of ReadyMatter that are worth keeping."""

    def matters(self, scope: str, after: int, upto: int) -> Iterator[orjson.Fragment]:
        """The contract's Matter of each that changed in `scope` after one cursor and up to another, in no order."""
        left = set()
        for row in ready_matters(self.session, scope, after, upto, self._names):
            if row.audience is None:  # it is not ready
                left.add(UUID(row.id))
                continue
            own, personal = self._own_part(row.audience)
            rest = current_cipher().unseal(row.personal) if personal and row.personal is not None else row.rest
            if rest is None:  # sealed with a key that is no longer there
                left.add(UUID(row.id))
            else:
                yield _object(own, row.common, rest)
        if left:
            yield from self._afresh(scope, after, upto, left)

    def _afresh(self, scope: str, after: int, upto: int, matter_ids: set[UUID]) -> Iterator[orjson.Fragment]:
        keeping = len(matter_ids) >= WORTH_KEEPING
        # Read before the contents: of two that are not of one moment, these are then the older, and never too new.
        versions = versions_of(self.session, scope, after, upto, matter_ids) if keeping else {}
        for matter in read_matters(self.session, list(matter_ids)):
            if not may_see_matter(self.actor, matter):
                continue  # given to another meanwhile: the next page takes it away
            common, rest, to_handlers = parts_of(matter)
            own, personal = own_part(self.actor, matter)
            yield _object(own, common, to_handlers if personal else rest)
            if matter.id in versions:
                sealed = current_cipher().seal(to_handlers) if to_handlers != rest else None
                self.made.append(
                    {
                        "scope_id": scope,
                        "matter_id": matter.id,
                        "version": versions[matter.id],
                        "names": self._names,
                        "village_code": matter.village_code,
                        "unit_id": matter.unit_id,
                        "unit_area_code": matter.unit_area_code,
                        "author_id": matter.author_id,
                        "common": common,
                        "rest": rest,
                        "personal": sealed,
                    }
                )

    def _own_part(self, audience: str) -> tuple[bytes, bool]:
        if audience not in self._own_parts:
            self._own_parts[audience] = own_part(self.actor, Audience.read(audience))
        return self._own_parts[audience]


def own_part(actor: Actor, matter: MatterLike) -> tuple[bytes, bool]:
    """What is the reader's own of a matter: his relations as a member of its JSON object, and whether he sees the
    resident."""
    return orjson.dumps({"relations": sorted(relations(actor, matter))})[1:-1], sees_resident(actor, matter)


def parts_of(matter: Matter) -> tuple[bytes, bytes, bytes]:
    """Members of the matter's JSON object: what everybody is told, the rest, and what stands for the rest to who
    sees the resident."""
    told, personal = as_told(matter, personal=False), as_told(matter, personal=True)
    apart = {name for name in told if told[name] != personal[name]} or {"resident"}
    return _members(told, told.keys() - apart), _members(told, apart), _members(personal, apart)


def _members(data: Mapping[str, Any], names: Set[str]) -> bytes:
    return orjson.dumps({name: value for name, value in data.items() if name in names})[1:-1]


def _object(*members: bytes) -> orjson.Fragment:
    return orjson.Fragment(b"{" + b",".join(members) + b"}")

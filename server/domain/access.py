"""Who may see and do what: the one place. Every endpoint, push and pull ask here.

An actor holds grants: a role within an area (division code) or a unit. What he is to a
matter is a set of relations; the lifecycle table says what each relation may do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from server.domain.areas import ancestor, level_of, within
from server.domain.lifecycle import PASSING


@dataclass(frozen=True)
class Grant:
    """A role within an area or, for a handler, within a unit."""

    role: str
    area_code: str | None = None
    unit_id: UUID | None = None


@dataclass(frozen=True)
class Actor:
    """Who acts: passed into every action. `access_version` grows with each change of grants."""

    id: UUID
    name: str
    access_version: int
    grants: frozenset[Grant]

    def areas(self, role: str) -> list[str]:
        """The codes of the areas where the actor has `role`, sorted."""
        return sorted(g.area_code for g in self.grants if g.role == role and g.area_code)

    def units(self) -> frozenset[UUID]:
        """The units whose matters the actor handles."""
        return frozenset(g.unit_id for g in self.grants if g.role == "handler" and g.unit_id)

    def has_role(self, role: str) -> bool:
        """True if the actor has `role` anywhere."""
        return any(g.role == role for g in self.grants)


class MatterLike(Protocol):
    """What access needs to know of a matter."""

    @property
    def village_code(self) -> str: ...
    @property
    def unit_id(self) -> UUID: ...
    @property
    def unit_area_code(self) -> str: ...
    @property
    def author_id(self) -> UUID: ...


HANDLING = frozenset({"author", "cadre", "handler", "coordinator"})
"""Relations of people who handle a matter: they alone see the resident (P6)."""


def relations(actor: Actor, matter: MatterLike) -> frozenset[str]:
    """What `actor` is to `matter`; empty for someone who has no business with it."""
    found = set()
    if matter.author_id == actor.id and may_record_in(actor, matter.village_code):
        found.add("author")
    if matter.unit_id in actor.units():
        found.add("handler")
    for grant in actor.grants:
        concerned = grant.role in {"cadre", "coordinator", "leader"}
        if concerned and grant.area_code and within(matter.village_code, grant.area_code):
            found.add(grant.role)
    if found & PASSING["township"] and within(matter.unit_area_code, ancestor(matter.village_code, "township")):
        found.add("township")
    return frozenset(found)


def may_see_matter(actor: Actor, matter: MatterLike) -> bool:
    """True for those with a relation, and for every cadre of the matter's township."""
    return bool(relations(actor, matter)) or may_record_in(actor, matter.village_code)


def sees_resident(actor: Actor, matter: MatterLike) -> bool:
    """P6: a resident's name and phone are shown only to who handles the matter."""
    return bool(relations(actor, matter) & HANDLING)


def cadre_townships(actor: Actor) -> frozenset[str]:
    """The townships in which a cadre may record: those of his villages."""
    return frozenset(ancestor(code, "township") for code in actor.areas("cadre"))


def may_record_in(actor: Actor, village_code: str) -> bool:
    """A cadre records in any village of his townships, not only in his own."""
    return ancestor(village_code, "township") in cadre_townships(actor)


def may_assign_to(village_code: str, unit_area_code: str) -> bool:
    """A matter can be assigned to a unit of its township, or of an area above it."""
    return within(village_code, unit_area_code)


def may_read_tally(actor: Actor, area_code: str) -> bool:
    """Leaders read the tally of their area and of every area inside it."""
    return any(within(area_code, granted) for granted in actor.areas("leader"))


def area_scope(township_code: str) -> str:
    """The sync scope of a township's records."""
    return f"area:{township_code}"


def unit_scope(unit_id: UUID) -> str:
    """The sync scope of a unit's matters."""
    return f"unit:{unit_id}"


def scopes_of_matter(village_code: str, unit_id: UUID) -> list[str]:
    """The sync scopes in which a matter is visible, in locking order."""
    return [area_scope(ancestor(village_code, "township")), unit_scope(unit_id)]


def scopes_of_actor(actor: Actor, townships: Iterable[str]) -> list[str]:
    """The sync scopes an actor's phone holds, in locking order: `townships` (those where he records
    or coordinates) and his units."""
    return sorted(map(area_scope, townships)) + sorted(map(unit_scope, actor.units()))


LEVELS_OF_ROLE = {"cadre": ("village", "township"), "coordinator": ("township", "county")}
"""Where the roles are held whose records are on the phone: it holds a scope for each township, so nobody
coordinates a whole prefecture, and a village, which has no scope of its own, is coordinated by its
township. The other area roles may hold an area of any level."""


def area_fits_role(role: str, area_code: str) -> bool:
    """True if `role` can be held in this area."""
    return role not in LEVELS_OF_ROLE or level_of(area_code) in LEVELS_OF_ROLE[role]

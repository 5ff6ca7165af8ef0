"""Which scopes a push holds (CONTRACT rule 6): those it can touch, and no other."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.access import Actor, area_scope, may_assign_to, may_record_in, unit_scope
from server.domain.areas import ancestor
from server.domain.commands import ActOnMatter, Command, RecordVisit
from server.domain.responsibilities import Rule, rule_for, unit_by
from server.store.changes import ScopeLocks
from server.store.matters import matter_places
from server.store.responsibilities import rules_of
from server.store.units import home_unit_ids, unit_areas


def lock_scopes(
    session: Session, actor: Actor, commands: Sequence[Command], lists: dict[str, list[Rule]]
) -> ScopeLocks:
    """Take every scope that these commands can touch. Under the townships' locks no matter in them can
    move, and no rule of their county's responsibility list can change, so the units read after that are the ones
    to lock.

    A village or a unit anybody can name, and then hold up its whole township: they are locked only for
    who may record there, or assign to it. A matter's id is known only to who has seen the matter. The responsibility
    lists that are read are put into `lists`, by county.
    """
    locks = ScopeLocks(session)
    visits = [c for c in commands if isinstance(c, RecordVisit) and may_record_in(actor, c.village_code)]
    named = _matters_named(commands)
    villages = {matter_id: village for matter_id, (village, _) in matter_places(session, named).items()}
    villages |= {new.id: visit.village_code for visit in visits for new in visit.matters}
    townships = {ancestor(code, "township") for code in [*villages.values(), *(v.village_code for v in visits)]}
    locks.lock(area_scope(code) for code in townships)
    units = {unit_id for _, unit_id in matter_places(session, named).values()}
    units |= set(home_unit_ids(session, townships))
    units |= set(_units_by_list(session, visits, lists))
    units |= _units_assigned(session, commands, villages)
    locks.lock(unit_scope(unit_id) for unit_id in units)
    return locks


def _matters_named(commands: Iterable[Command]) -> set[UUID]:
    """The matters acted on, and those that others are merged into: these may not vanish meanwhile."""
    acts = [c for c in commands if not isinstance(c, RecordVisit)]
    return {c.matter_id for c in acts} | {c.into_id for c in acts if isinstance(c, ActOnMatter) and c.into_id}


def _units_by_list(session: Session, visits: Sequence[RecordVisit], lists: dict[str, list[Rule]]) -> Iterator[UUID]:
    """The units that the responsibility lists give these visits' new matters to."""
    lists |= {county: rules_of(session, county) for county in {ancestor(v.village_code, "county") for v in visits}}
    for visit in visits:
        for new in visit.matters:
            rule = rule_for(lists[ancestor(visit.village_code, "county")], new.category, visit.happened_at)
            if unit_id := unit_by(rule, on_the_spot=bool(new.resolved)):
                yield unit_id


def _units_assigned(session: Session, commands: Iterable[Command], villages: dict[UUID, str]) -> set[UUID]:
    wanted = [(c.matter_id, c.unit_id) for c in commands if isinstance(c, ActOnMatter) and c.unit_id]
    areas = unit_areas(session, {unit_id for _, unit_id in wanted})
    return {
        unit_id
        for matter_id, unit_id in wanted
        if matter_id in villages and unit_id in areas and may_assign_to(villages[matter_id], areas[unit_id])
    }

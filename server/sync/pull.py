"""Pull: what changed in the reader's scopes after his cursors (CONTRACT rules 7 and 9)."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.actions.matters_seen import as_seen_by
from server.actions.reference import townships_of
from server.domain.access import Actor, scopes_of_actor, scopes_of_matter
from server.domain.words import LIMITS
from server.store.changes import ChangedRecords, changed_since
from server.store.matters import read_matters, read_visits
from server.store.tables import Visit


def pull(session: Session, actor: Actor, access_version: int, cursors: dict[str, int]) -> dict[str, Any]:
    """One page of changes for each scope of the actor."""
    scopes = scopes_of_actor(actor, townships_of(session, actor))
    reset = access_version != actor.access_version
    room = LIMITS["records_per_pull"]
    pages: list[dict[str, Any]] = []
    for scope in scopes:
        start = 0 if reset else cursors.get(scope, 0)
        if room <= 0:
            pages.append(_page(scope, ChangedRecords(start, True, [], [], []), [], [], []))
            continue
        changed = changed_since(session, scope, start, room)
        room -= len(changed.visits) + len(changed.matters) + len(changed.removed)
        pages.append(
            _page(
                scope,
                changed,
                [_visit(visit) for visit in read_visits(session, changed.visits, actor.id)],
                [as_seen_by(actor, matter) for matter in read_matters(session, changed.matters)],
                _really_removed(session, changed.removed, scopes),
            )
        )
    return {
        "access_version": actor.access_version,
        "reset": reset,
        "scopes": pages,
        "lost_scopes": sorted(set(cursors) - set(scopes)),
    }


def _page(
    scope: str, changed: ChangedRecords, visits: list[Any], matters: list[Any], removed: list[Any]
) -> dict[str, Any]:
    return {
        "scope": scope,
        "version": changed.version,
        "more": changed.more,
        "visits": visits,
        "matters": matters,
        "removed": removed,
    }


def _really_removed(session: Session, removed: list[tuple[str, UUID]], scopes: list[str]) -> list[dict[str, Any]]:
    """Leave out what another scope of the reader still shows."""
    matters = read_matters(session, [record_id for kind, record_id in removed if kind == "matter"])
    shown = {m.id for m in matters if set(scopes_of_matter(m.village_code, m.unit_id)) & set(scopes)}
    return [{"kind": kind, "id": record_id} for kind, record_id in removed if record_id not in shown]


def _visit(visit: Visit) -> dict[str, Any]:
    return {
        "id": visit.id,
        "kind": visit.kind,
        "village_code": visit.village_code,
        "village_name": visit.village.name,
        "note": visit.note,
        "happened_at": visit.happened_at,
        "backfill": visit.backfill,
    }

"""Pull: what changed in the reader's scopes after his cursors (CONTRACT rules 7 and 9)."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from server.actions.reference import townships_of
from server.domain.access import Actor, scopes_of_actor, scopes_of_matter
from server.domain.words import LIMITS
from server.store.changes import NAMES, ChangedRecords, changed_since, count_after, scope_versions
from server.store.db import reading, writing
from server.store.matters import changed_visits, read_matters
from server.store.ready import keep_ready
from server.store.tables import Visit
from server.sync.told import Telling
from server.sync.turns import turn


def pull(actor: Actor, access_version: int, cursors: Mapping[str, int]) -> dict[str, Any]:
    """One page of changes for each scope of the actor: the contract's answer but for the time, as orjson writes it.
    Refusal: first_sync_waiting."""
    session = reading()
    scopes = scopes_of_actor(actor, townships_of(session, actor))
    reset = access_version != actor.access_version
    newest = scope_versions(session, [*scopes, NAMES])
    telling = Telling(session, actor, newest.get(NAMES, 0))
    found = _found(session, scopes, {} if reset else cursors, newest)
    with turn(sum(changed.count for _, changed in found.values())):
        pages = [_page(telling, scopes, scope, start, changed) for scope, (start, changed) in found.items()]
    unread = {page["scope"]: page["version"] for page in _not_at_the_end(session, pages, found)}
    if telling.made:
        with suppress(DBAPIError), writing() as transaction:  # who reads is answered, kept or not
            keep_ready(transaction, telling.made)
    return {
        "access_version": actor.access_version,
        "reset": reset,
        "scopes": pages,
        "left": count_after(session, unread),
        "lost_scopes": sorted(set(cursors) - set(scopes)),
    }


def _found(
    session: Session, scopes: list[str], cursors: Mapping[str, int], newest: Mapping[str, int]
) -> dict[str, tuple[int, ChangedRecords]]:
    """What changed in each scope after its cursor, and the cursor; a page's records for all of them together."""
    room = LIMITS["records_per_pull"]
    found = {}
    for scope in scopes:
        start = cursors.get(scope, 0)
        changed = ChangedRecords(start, newest.get(scope, 0) > start, 0, [])
        if changed.more and room > 0:
            changed = changed_since(session, scope, start, room)
        room -= changed.count
        found[scope] = start, changed
    return found


def _not_at_the_end(
    session: Session, pages: list[dict[str, Any]], found: Mapping[str, tuple[int, ChangedRecords]]
) -> list[dict[str, Any]]:
    """The pages after which there is more, which say so. What was changed once more while they were made is in none of
    them (changed_between), but above their cursors: a phone that has dropped all it had asks on for it at once."""
    read = [scope for scope, (_, changed) in found.items() if changed.count]
    newest = scope_versions(session, read) if read else {}
    for page in pages:
        page["more"] = page["more"] or newest.get(page["scope"], 0) > page["version"]
    return [page for page in pages if page["more"]]


def _page(telling: Telling, scopes: list[str], scope: str, start: int, changed: ChangedRecords) -> dict[str, Any]:
    session, upto, any_changed = telling.session, changed.version, changed.count > 0
    visits = changed_visits(session, scope, start, upto, telling.actor.id) if any_changed else []
    return {
        "scope": scope,
        "version": upto,
        "more": changed.more,
        "visits": [_visit(visit) for visit in visits],
        "matters": list(telling.matters(scope, start, upto)) if any_changed else [],
        "removed": _really_removed(session, changed.removed, scopes),
    }


def _really_removed(session: Session, removed: list[tuple[str, UUID]], scopes: list[str]) -> list[dict[str, Any]]:
    """Leave out what another scope of the reader still shows."""
    if not removed:
        return []
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

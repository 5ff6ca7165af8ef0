"""Mistakes to put in on purpose, to show that the simulator would see them; the phone's is in bundle.ts."""

import sys
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any

from sqlalchemy import Sequence, func, select
from sqlalchemy.orm import Session

from server.store import changes
from server.store.db import inserting
from server.store.tables import Change, Scope
from server.sync import push, told

_NUMBERS = Sequence("simulated_numbers")


class _Sequenced(changes.ScopeLocks):
    """Numbers from a sequence, and no lock: what begins earlier may commit later, under a reader's cursor."""

    def lock(self, scope_ids: Iterable[str]) -> None:
        if self._session.get_bind().dialect.name == "postgresql":
            _NUMBERS.create(self._session.connection(), checkfirst=True)
        wanted = set(scope_ids) - self._held.keys()
        found = self._session.scalars(select(Scope).where(Scope.id.in_(wanted)))
        self._held.update((scope.id, scope.version) for scope in found)

    def stamp_all(self, stamps: Iterable[changes.Stamp]) -> None:
        for stamp in stamps:
            for scope_id in stamp.scope_ids:
                number = self._session.scalar(_NUMBERS.next_value())
                new = {"version": number, "removed": stamp.removed}
                statement = inserting(self._session, Change).values(
                    scope_id=scope_id, kind=stamp.kind, record_id=stamp.record_id, **new
                )
                key = ["scope_id", "kind", "record_id"]
                self._session.execute(statement.on_conflict_do_update(index_elements=key, set_=new))


def _changed_by_sequence(session: Session, scope_id: str, version: int, limit: int) -> changes.ChangedRecords:
    """What has a higher number than the cursor, up to the highest that is there."""
    newest = session.scalar(select(func.max(Change.version)).where(Change.scope_id == scope_id)) or 0
    page = session.scalars(select(Change).where(Change.scope_id == scope_id, Change.version > version)).all()
    removed = [(change.kind, change.record_id) for change in page if change.removed]
    return changes.ChangedRecords(max(newest, version), False, len(page), removed)


def _versions_by_sequence(session: Session, scope_ids: Iterable[str]) -> dict[str, int]:
    """The highest number that is there, of each scope."""
    query = select(Change.scope_id, func.max(Change.version)).group_by(Change.scope_id)
    return {scope_id: version for scope_id, version in session.execute(query) if scope_id in set(scope_ids)}


def _number_by_a_sequence() -> None:
    instead_of = {
        "ScopeLocks": _Sequenced, "changed_since": _changed_by_sequence, "scope_versions": _versions_by_sequence,
    }  # fmt: skip

    for module in [module for name, module in sys.modules.items() if name.startswith("server.")]:
        for name, instead in instead_of.items():
            if hasattr(module, name):
                setattr(module, name, instead)


def _apply_without_a_savepoint() -> None:
    apply: Callable[..., Any] = push._apply

    def without(context: Any, *more: Any) -> Any:
        context.session.begin_nested = nullcontext
        try:
            return apply(context, *more)
        finally:
            del context.session.begin_nested

    vars(push)["_apply"] = without


def _ready_for_what_comes() -> None:
    """What is kept ready is thought to be newer than it is, and told once more after the next change."""
    versions_of = vars(told)["versions_of"]

    def too_new(*asked: Any) -> dict[Any, int]:
        return {matter_id: version + 1 for matter_id, version in versions_of(*asked).items()}

    vars(told)["versions_of"] = too_new


def _crash_in_a_correction() -> None:
    def crash(*_: Any) -> None:
        raise KeyError

    vars(push)["correct_matter"] = crash


MISTAKES: dict[str, Callable[[], None]] = {
    "sequence": _number_by_a_sequence,
    "no_savepoint": _apply_without_a_savepoint,
    "crash": _crash_in_a_correction,
    "ready_too_new": _ready_for_what_comes,
}
"""By the name under which the simulator asks for them."""

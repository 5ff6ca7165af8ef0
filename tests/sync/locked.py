"""Which scopes are locked, noted while a test runs."""

from collections.abc import Iterable
from types import ModuleType

import pytest

from server.store.changes import ScopeLocks


def scopes_locked_by(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Filled with every scope that this module locks from now on."""
    locked: set[str] = set()

    class Noting(ScopeLocks):
        def lock(self, scope_ids: Iterable[str]) -> None:
            wanted = set(scope_ids)
            locked.update(wanted)
            super().lock(wanted)

    monkeypatch.setattr(module, "ScopeLocks", Noting)
    return locked

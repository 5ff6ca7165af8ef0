"""A server that fails where nobody foresaw it: a visit is recorded as ever, and then something breaks."""

from collections.abc import Callable

import pytest

from server.actions.context import Writing
from server.actions.visits import record_visit
from server.domain.commands import RecordVisit


def fail_after_recording(patch: pytest.MonkeyPatch, what_is_wrong: Callable[[RecordVisit], Exception | None]) -> None:
    """Raise what `what_is_wrong` says of a visit that a push has just recorded; None: nothing."""

    def record_and_fail(writing: Writing, command: RecordVisit) -> None:
        record_visit(writing, command)
        if error := what_is_wrong(command):
            raise error

    patch.setattr("server.sync.push.record_visit", record_and_fail)

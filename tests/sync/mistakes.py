"""A server that fails where nobody foresaw it: a visit is recorded as ever, and then something breaks."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import text

from server.actions.context import Writing
from server.actions.visits import Told, record_visits
from server.domain.commands import RecordVisit


def fail_after_recording(patch: pytest.MonkeyPatch, what_is_wrong: Callable[[RecordVisit], Exception | None]) -> None:
    """Raise what `what_is_wrong` says of a visit that a push has just recorded; None: nothing."""

    def fail(_: Writing, command: RecordVisit) -> None:
        if error := what_is_wrong(command):
            raise error

    _after_recording(patch, fail)


def say_after_recording(patch: pytest.MonkeyPatch, statement: str) -> None:
    """Say something to the database that it does not take, after a push has recorded a visit."""
    _after_recording(patch, lambda writing, _: writing.session.execute(text(statement)))


def _after_recording(patch: pytest.MonkeyPatch, then: Callable[[Writing, RecordVisit], object]) -> None:
    def record(told: Sequence[Told]) -> None:
        record_visits(told)
        for writing, command in told:
            then(writing, command)

    patch.setattr("server.sync.push.record_visits", record)

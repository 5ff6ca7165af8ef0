"""Servers with a mistake in them, to show that the tests here would see it; gunicorn serves
`tests.kills.mistakes:make('answers_early')`."""

import threading
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, copy_current_request_context

from server.app import create_app
from server.sync import push as real
from tests.simulator.mistakes import MISTAKES as OF_THE_SIMULATOR


def _answer_before_the_commit() -> None:
    """What a queue in memory does: say applied, and write a moment later."""
    import server.api.sync as routes

    push: Callable[..., Any] = real.push

    @wraps(push)
    def early(actor: Any, device_id: Any, sent_at: Any, mutations: Any, received_at: Any) -> Any:
        @copy_current_request_context
        def later() -> None:
            time.sleep(0.02)
            push(actor, device_id, sent_at, mutations, received_at)

        threading.Thread(target=later).start()
        return [{"id": mutation["id"], "status": "applied", "error": None} for mutation in mutations]

    vars(routes)["push"] = early


def _forget_receipts() -> None:
    """A repeat is applied once more, as far as the tables let it."""
    vars(real)["find_receipts"] = lambda *_: {}


_MISTAKES: dict[str, Callable[[], None]] = {
    **OF_THE_SIMULATOR,
    "answers_early": _answer_before_the_commit,
    "forgets_receipts": _forget_receipts,
}


def make(mistake: str) -> Flask:
    """The server with this mistake."""
    _MISTAKES[mistake]()
    return create_app()

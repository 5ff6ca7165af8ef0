"""The real Flask application for the simulator (pwa/tests/simulator): one JSON line in, one out.

`python -m tests.simulator.server DATABASE IN OUT [MISTAKE]`: DATABASE is sqlite or postgresql, IN and OUT are named
pipes. It answers one order at a time and its clock stands until it is told otherwise, so that the same orders get the
same answers. MISTAKE puts one of mistakes.py in, to show that the simulator would see it.
"""

import json
import logging
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import time_machine
from argon2 import PasswordHasher
from werkzeug.test import Client, EnvironBuilder

from server.actions import sessions
from server.domain.words import LIMITS
from server.sync import told
from tests import cast
from tests.harness.thrift import save_time
from tests.simulator.mistakes import MISTAKES
from tests.simulator.overlap import overlapped
from tests.simulator.truth import tell_truth
from tests.simulator.worlds import open_worlds
from tests.sync.grants import grant, revoke

Json = dict[str, Any]
BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_PEOPLE = {person.username: person for person in cast.EVERYBODY}


class Simulated:
    """The server of one schedule after the other."""

    def __init__(self, database: str, clock: time_machine.Traveller, folder: Path) -> None:
        self._clock = clock
        self._logged = _Logged()
        logging.getLogger("server").addHandler(self._logged)
        self.worlds = open_worlds(database, folder)

    def answer_or_broken(self, order: Json) -> object:
        """What `answer` answers, or where it failed: the simulator says of which schedule, and goes on."""
        try:
            return self.answer(order)
        except Exception:  # noqa: BLE001  (the schedule says it, and fails)
            return {"broken": traceback.format_exc()}

    def answer(self, order: Json) -> object:
        """Do what the simulator asks for."""
        match order.pop("do"):
            case "begin":
                self._clock.move_to(BEGIN)
                self.worlds.begin()
                self._logged.take()
                return {"now": round(BEGIN.timestamp() * 1000), "people": _who_is_who()}
            case "request":
                return self.request(order)
            case "overlap":
                return overlapped(self.worlds, self.request, **order)
            case "time":
                self._clock.move_to(datetime.fromtimestamp(order["now"] / 1000, UTC))
            case "restart":
                self.worlds.restart()
            case "end_sessions":
                self.worlds.end_sessions(order["username"])
            case "grant":
                grant(self.worlds.app, _PEOPLE[order["username"]], order["role"], order["where"])
            case "revoke":
                revoke(self.worlds.app, _PEOPLE[order["username"]], order["role"])
            case "lose":
                self.worlds.lose(order["username"], UUID(order["device_id"]))
            case "truth":
                self.worlds.make_nothing_ready()
                return tell_truth(self.worlds.app)
            case other:
                raise AssertionError(f"what is {other}?")
        return {}

    def request(self, order: Json) -> Json:
        """One HTTP request, as the phone sends it."""
        client = Client(self.worlds.app, use_cookies=False)
        headers = [(name, value) for name, value in order["headers"].items() if value]
        body = order["body"].encode() if order["body"] else None
        builder = EnvironBuilder(order["path"], method=order["method"], headers=headers, data=body)
        answer = client.open(builder, buffered=True)
        said = {"status": answer.status_code, "headers": list(answer.headers), "body": answer.get_data(as_text=True)}
        return {**said, "logged": self._logged.take()}


class _Logged(logging.Handler):
    """What the server logs as an error: a mistake of ours, and where, that to a phone is only an answer."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it until somebody asks."""
        self._said.append(record.getMessage())

    def take(self) -> list[str]:
        """What was logged since this was asked before."""
        said, self._said = self._said, []
        return said


def _who_is_who() -> Json:
    return {
        "password": cast.PASSWORD,
        "villages": {"shared": cast.SHARED_VILLAGE, "neighbours": "430581106201"},
    }


def main() -> None:
    """Serve until there are no more orders."""
    database, coming, going, *mistake = sys.argv[1:]
    save_time()
    # A password need not cost a tenth of a second here.
    sessions._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    sessions._NOBODY = sessions._hasher.hash("nobody has this password")
    # A schedule has some dozen records: in pages of so few, phones are killed and access changes between two of them.
    LIMITS["records_per_pull"] = 5
    # And in a page of so few, one that had to be made is worth keeping for the next reader.
    told.WORTH_KEEPING = 1
    for name in mistake:
        MISTAKES[name]()
    memory = Path("/dev/shm")
    with (
        time_machine.travel(BEGIN, tick=False) as clock,
        tempfile.TemporaryDirectory(prefix="shishibu-sim-", dir=memory if memory.is_dir() else None) as folder,
        open(coming, encoding="utf-8") as orders,
        open(going, "w", encoding="utf-8") as answers,
    ):
        server = Simulated(database, clock, Path(folder))
        try:
            for line in orders:
                answers.write(json.dumps(server.answer_or_broken(json.loads(line)), ensure_ascii=False) + "\n")
                answers.flush()
        finally:
            server.worlds.close()


if __name__ == "__main__":
    main()

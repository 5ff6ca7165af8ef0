"""Phones under load, without a browser: each pushes as fast as it can, keeps what has no receipt and sends it again
(CONTRACT rule 2). What they were told is what must be true afterwards (truths.py)."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from http.client import HTTPException
from typing import Any

from server.domain.areas import ancestor
from tests.api.mutations import act, new_matter, rating_code, resolved_on_the_spot, visit
from tests.harness.caller import Caller, Refused

Json = dict[str, Any]

NO_ANSWER = (OSError, HTTPException, ValueError)
"""What comes of a request whose server is killed: no connection, a broken one, or half an answer."""
_PER_PUSH = 5
_PAUSE_S = 0.2


class Writer:
    """One phone of one person, who records in `villages` and writes into the `shared` matters, by id: their village.
    Of its answers a share is lost on the way (`losing`)."""

    def __init__(
        self, caller: Caller, seed: int, villages: Sequence[str], shared: dict[str, str], losing: float = 0
    ) -> None:
        self._caller = caller
        self._losing = losing
        self._chance = random.Random(seed)
        self._villages = villages
        self._places = dict(shared)
        self._shared = list(shared)
        self._open: list[str] = []
        self._code = rating_code()
        self.outbox: list[Json] = []
        """Recorded, and without a receipt."""
        self.made: dict[str, Json] = {}
        """Every mutation of this phone, by its id."""
        self.receipts: dict[str, Json] = {}
        """The first receipt for each, by its id."""
        self.checked: list[str] = []
        """Mutations whose receipt somebody has held against the database: only these are sent once more, since another
        would come back to life by it."""
        self.unanswered = 0
        """Requests that nothing came of."""
        self.lost = 0
        """Answers that were given and reached nobody."""
        self.refusals: Counter[str] = Counter()
        """Whole requests that were refused, by code."""
        self.wrong: list[str] = []
        self.increments: Counter[str] = Counter()
        """How many pushes changed something in a township, by its code."""

    def record(self) -> None:
        """Put what a person may do next into the outbox."""
        kinds: dict[Callable[[], Json], int] = {self._entry: 1}
        if self._villages:
            kinds = {self._visit: 5, self._entry: 4, self._settlement: 2, self._half_way: 1}
        for make in self._chance.choices(list(kinds), list(kinds.values()), k=2):
            self.put(make())

    def put(self, mutation: Json) -> None:
        """Put one mutation into the outbox."""
        self.made[mutation["id"]] = mutation
        self.outbox.append(mutation)

    def _visit(self) -> Json:
        matters = [new_matter(), new_matter(resolved=resolved_on_the_spot())][: self._chance.randint(1, 2)]
        village = self._chance.choice(self._villages)
        self._open.append(matters[0]["id"])
        self._places |= {matter["id"]: village for matter in matters}
        return visit(*matters, village_code=village)

    def _entry(self) -> Json:
        return act(self._chance.choice(self._shared), "progress") if self._shared else self._visit()

    def _settlement(self) -> Json:
        return act(self._open.pop(), "resolve") if self._open else self._visit()

    def _half_way(self) -> Json:
        """The first passes; the others are refused when much of them is written, since the code is taken."""
        resolved = {**resolved_on_the_spot(), "rating_code": self._code}
        return visit(new_matter(resolved=resolved), village_code=self._villages[0])

    def send(self) -> bool:
        """One push, now and then with something that has its receipt already; False if there was no answer to it."""
        again = [self.made[self._chance.choice(self.checked)]] if self.checked and self._chance.random() < 0.2 else []
        batch = again + self.outbox[:_PER_PUSH]
        try:
            answer = self._caller.push(batch)
        except Refused as refused:
            self.refusals[refused.code] += 1
            return False
        except NO_ANSWER:
            self.unanswered += 1
            return False
        if self._chance.random() < self._losing:
            self.lost += 1
            return False
        if [receipt["id"] for receipt in answer] != [mutation["id"] for mutation in batch]:
            self.wrong.append(f"receipts for something else: {answer}")
        new = [receipt for receipt in answer if receipt["id"] not in self.receipts]
        for receipt in answer:
            first = self.receipts.setdefault(receipt["id"], receipt)
            if receipt != first:
                self.wrong.append(f"first {first}, and then {receipt}")
        self.increments.update({self._township(receipt["id"]) for receipt in new if receipt["status"] == "applied"})
        self.outbox = [mutation for mutation in self.outbox if mutation["id"] not in self.receipts]
        return True

    def push_now(self) -> None:
        """Push something new, whoever else sends for this phone; raises what is said against it."""
        self._caller.with_another_device().push([visit(new_matter(), village_code=self._villages[0])])

    def _township(self, mutation_id: str) -> str:
        args = self.made[mutation_id]["args"]
        return ancestor(args.get("village_code") or self._places[args["matter_id"]], "township")

    def write_until(self, stop: threading.Event) -> None:
        """Record and send until `stop`."""
        while not stop.is_set():
            if not self.outbox:
                self.record()
            if not self.send():
                stop.wait(self._chance.random() * _PAUSE_S)

    def send_all(self, tries: int = 100) -> None:
        """Send what is left."""
        wait = threading.Event()
        for _ in range(tries):
            if not self.outbox:
                return
            if not self.send():
                wait.wait(_PAUSE_S)
        raise AssertionError(f"{len(self.outbox)} mutations are never taken: {self.refusals}")


def share_matters(caller: Caller, village: str, many: int) -> dict[str, str]:
    """New matters that several phones write into, by id: their village."""
    matters = [new_matter() for _ in range(many)]
    receipts = caller.push([visit(*matters, village_code=village)])
    assert [receipt["status"] for receipt in receipts] == ["applied"]
    return {matter["id"]: village for matter in matters}

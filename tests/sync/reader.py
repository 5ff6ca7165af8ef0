"""What a phone holds after pulling, by CONTRACT rules 7 and 8: records and cursors together."""

from typing import Any, Protocol

from tests.api.mutations import Json


class Pulls(Protocol):
    """Who can pull: somebody's phone at a server in this process, or at a live one."""

    def pull(self, cursors: dict[str, int], /) -> Any:
        """One answer."""
        ...


class Reader:
    """A phone that only reads. `answers` are all it got, oldest first."""

    def __init__(self, caller: Pulls) -> None:
        self.caller: Any = caller
        self.cursors: dict[str, int] = {}
        self.matters: dict[str, Json] = {}
        self.visits: dict[str, Json] = {}
        self.answers: list[Json] = []

    def read(self) -> list[Json]:
        """Pull until there is no more; the answers of this time."""
        known = len(self.answers)
        while self.read_once():
            assert len(self.answers) < 1000, "a pull that never ends"
        return self.answers[known:]

    def read_once(self) -> bool:
        """Pull one answer and write it down; is there more?"""
        answer = self.caller.pull(self.cursors)
        assert (answer["reset"], answer["lost_scopes"]) == (False, [])
        for scope in answer["scopes"]:
            assert scope["version"] >= self.cursors.get(scope["scope"], 0), "a cursor that goes back"
            self.cursors[scope["scope"]] = scope["version"]
            self.matters |= {matter["id"]: matter for matter in scope["matters"]}
            self.visits |= {visit["id"]: visit for visit in scope["visits"]}
            for gone in scope["removed"]:
                held = self.matters if gone["kind"] == "matter" else self.visits
                held.pop(gone["id"], None)
        self.answers.append(answer)
        return any(scope["more"] for scope in answer["scopes"])


def records(answer: Json) -> list[str]:
    """The ids of everything in one answer, of all its scopes, in its order."""
    return [
        str(record["id"])
        for scope in answer["scopes"]
        for kind in ("visits", "matters", "removed")
        for record in scope[kind]
    ]

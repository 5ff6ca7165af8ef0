"""What a leader asks for on the tally page, as tests ask for it."""

from server.domain.words import LIMITS
from tests.api.mutations import Json
from tests.api.people import Caller


def tally(leader: Caller, **question: str) -> Json:
    answer = leader.get("/api/tallies", **question)
    assert answer.status_code == 200, answer.get_json()
    body: Json = answer.get_json()
    return body


def behind(leader: Caller, **question: str) -> list[Json]:
    """All pages of the list behind a number; each says how many there are in all, and no leg comes twice."""
    lines: list[Json] = []
    while True:
        answer = leader.get("/api/tallies/matters", **question)
        assert answer.status_code == 200, answer.get_json()
        page = answer.get_json()
        lines += page["matters"]
        if page["next"] is None:
            break
        assert len(page["matters"]) == LIMITS["matters_per_page"]
        question["after"] = page["next"]
    legs = {(line["id"], line["position"]) for line in lines}
    assert page["count"] == len(lines) == len(legs)
    return lines


def titles(lines: list[Json]) -> list[str]:
    return sorted(line["title"] for line in lines)

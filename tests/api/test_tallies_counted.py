"""What counts in a tally, and as of when."""

from datetime import UTC, datetime, tzinfo
from typing import Any

import pytest
from flask import Flask

from server.domain.times import shanghai_day
from server.domain.words import LIMITS
from tests import cast
from tests.api.histories import FEBRUARY
from tests.api.mutations import act, new_matter, noon, resolved_on_the_spot, visit
from tests.api.people import SignIn
from tests.api.residents import Resident, new_code, on_the_spot
from tests.api.tallies import behind, tally, titles

SMALL_PAGE = 3


def test_only_what_the_server_accepted_counts_and_a_repeat_counts_once(sign_in: SignIn):
    cadre, leader = sign_in(cast.CADRE), sign_in(cast.LEADER)
    good = visit(new_matter(resolved=resolved_on_the_spot()), new_matter(), happened_at=noon("2025-02-10"))
    half_good = visit(new_matter(), new_matter(category="none"), happened_at=noon("2025-02-10"))
    cadre.push(good, half_good, good)
    cadre.push(half_good, good)
    total = tally(leader, **FEBRUARY)["total"]
    assert (total["raised"], total["resolved"], total["open"]) == (2, 1, 1)


def test_confirmed_by_the_resident_is_counted_on_the_day_of_the_answer_beside_who_was_asked(
    app: Flask, sign_in: SignIn
):
    leader, code = sign_in(cast.LEADER), new_code()
    matter, other = new_matter(resolved=on_the_spot(code)), new_matter(resolved=on_the_spot(new_code()))
    sign_in(cast.CADRE).apply(visit(matter, other, new_matter(), happened_at=noon("2025-02-10")))
    before = tally(leader, **FEBRUARY)["total"]
    assert [before[measure] for measure in ("resolved", "asked", "answered", "confirmed")] == [2, 2, 0, 0]
    Resident(app).rate(code, "partly")
    assert tally(leader, **FEBRUARY)["total"] == before, "nobody had answered by the end of February"
    today = str(shanghai_day(datetime.now(UTC)))
    now = {"from": today, "to": today}
    total = tally(leader, **now)["total"]
    assert [total[measure] for measure in ("resolved", "asked", "answered", "confirmed")] == [0, 0, 1, 1]
    for measure, period in (("confirmed", now), ("answered", now), ("resolved", FEBRUARY)):
        rated = {line["id"]: line["rated"] for line in behind(leader, **period, measure=measure)}
        assert rated[matter["id"]] == "partly"
    assert {line["id"]: line["rated"] for line in behind(leader, **FEBRUARY, measure="asked")} == {
        matter["id"]: "partly", other["id"]: None,
    }  # fmt: skip


class _Clock(datetime):
    """Half past midnight in China, on March 1; in UTC it is still February."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "_Clock":
        return cls(2025, 2, 28, 16, 30, tzinfo=UTC).astimezone(tz)


def test_open_and_overdue_are_told_as_of_the_periods_end_or_of_today_in_china(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    leader, matter = sign_in(cast.LEADER), new_matter()
    sign_in(cast.CADRE).apply(visit(matter, happened_at=noon("2024-12-30")))  # due on February 28
    monkeypatch.setattr("server.api.tallies.datetime", _Clock)

    def as_of(first: str, last: str) -> tuple[Any, ...]:
        answer = tally(leader, **{"from": first, "to": last})
        assert (answer["from"], answer["to"]) == (first, last)
        return answer["as_of"], answer["total"]["open"], answer["total"]["overdue"], answer["by_month"][-1]["month"]

    assert as_of("2024-12-01", "2024-12-29") == ("2024-12-29", 0, 0, "2024-12")
    assert as_of("2024-12-01", "2024-12-30") == ("2024-12-30", 1, 0, "2024-12")
    assert as_of("2025-02-01", "2025-02-28") == ("2025-02-28", 1, 0, "2025-02")
    assert as_of("2025-02-01", "2025-03-01") == ("2025-03-01", 1, 1, "2025-03")
    assert as_of("2025-02-01", "2025-12-31") == ("2025-03-01", 1, 1, "2025-03")  # today, not the period's end
    (line,) = behind(leader, **{"from": "2025-01-01", "to": "2025-12-31"}, measure="open")
    assert (line["due_day"], line["overdue"]) == ("2025-02-28", True)


def test_pages_stay_in_step_while_matters_come_and_go(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(LIMITS, "matters_per_page", SMALL_PAGE)
    cadre, leader = sign_in(cast.CADRE), sign_in(cast.LEADER)
    matters = [new_matter(title=f"第{number}件") for number in range(10)]
    cadre.apply(visit(*matters, happened_at=noon("2025-02-10")))  # all on one day
    question = {**FEBRUARY, "measure": "raised"}
    page = leader.get("/api/tallies/matters", **question).get_json()
    shown = titles(page["matters"])
    rest = [matter for matter in matters if matter["title"] not in shown]
    # Meanwhile one of those shown and one of the others are withdrawn, and new ones are raised, later and earlier.
    cadre.apply(act(page["matters"][0]["id"], "withdraw"), act(rest.pop()["id"], "withdraw"))
    newer, older = new_matter(title="更新的"), new_matter(title="更早的")
    cadre.apply(visit(newer, happened_at=noon("2025-02-11")), visit(older, happened_at=noon("2025-02-01")))
    while page["next"]:
        page = leader.get("/api/tallies/matters", **question, after=page["next"]).get_json()
        shown += titles(page["matters"])
    assert page["count"] == 10
    assert len(shown) == len(set(shown))
    assert set(shown) == {*shown[:SMALL_PAGE], *(matter["title"] for matter in rest), "更早的"}

"""What a leader reads: every number is the count of the matters behind it, and nothing else is in it."""

import json
import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, tzinfo
from typing import Any

import pytest
from flask import Flask

from server.domain.tallies import BETWEEN_UNITS, IN_CHART, MEASURES
from server.domain.times import shanghai_day
from server.domain.words import LIMITS
from tests import cast
from tests.api.contract import Contract
from tests.api.histories import FEBRUARY, HISTORIES, NEIGHBOUR_VILLAGE, live_through
from tests.api.mutations import Json, act, new_matter, noon, resolved_on_the_spot, visit
from tests.api.people import Caller, SignIn
from tests.api.residents import Resident, new_code, on_the_spot

YEAR = {"from": "2025-01-01", "to": "2025-12-31"}
OPEN_ENDED = {"from": "2025-02-28", "to": "2199-12-31"}
ONE_DAY = {"from": "2025-02-10", "to": "2025-02-10"}
SMALL_PAGE = 3


@pytest.fixture
def _history(app: Flask, sign_in: SignIn) -> None:
    live_through(app, sign_in)


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


def expected(measure: str, *villages: str) -> list[str]:
    """The titles that a number of February counts, by what is told of each history."""
    return sorted(h.title for h in HISTORIES if h.village in villages for _ in range(h.counted.count(measure)))


@pytest.mark.usefixtures("_history")
def test_each_number_counts_the_matters_that_it_says(sign_in: SignIn):
    for leader, villages in (
        (cast.LEADER, (cast.VILLAGE, cast.SHARED_VILLAGE)),
        (cast.COUNTY_LEADER, (cast.VILLAGE, cast.SHARED_VILLAGE, NEIGHBOUR_VILLAGE)),
        (cast.NEIGHBOUR_LEADER, (NEIGHBOUR_VILLAGE,)),
    ):
        reader = sign_in(leader)
        total = tally(reader, **FEBRUARY)["total"]
        for measure in MEASURES:
            shown = behind(reader, **FEBRUARY, measure=measure)
            assert titles(shown) == expected(measure, *villages), measure
            assert measure in BETWEEN_UNITS or total[measure] == len(shown), measure
        assert total.keys() == MEASURES.keys() - BETWEEN_UNITS


def _rows(answer: Json) -> Iterator[tuple[dict[str, str], Json, dict[str, str]]]:
    """Each row of a tally: what narrows the list to it, its numbers, and what each line of the list must then say."""
    area = {"area_code": answer["area"]["code"]}
    yield area, answer["total"], {}
    below = "township_name" if answer["area"]["level"] == "county" else "village_name"
    for row in answer["by_area"]:
        yield {"area_code": row["code"]}, row["numbers"], {below: row["name"]}
    for row in answer["by_category"]:
        yield {**area, "category": row["category"]}, row["numbers"], {"category": row["category"]}
    for row in answer["by_origin"]:
        yield {**area, "kind": row["kind"]}, row["numbers"], {}
    for row in answer["by_unit"]:
        yield {**area, "unit_id": row["unit_id"]}, row["numbers"], {"unit_name": row["unit_name"]}


@pytest.mark.usefixtures("_history")
@pytest.mark.parametrize("period", [FEBRUARY, YEAR, OPEN_ENDED, ONE_DAY], ids=["month", "year", "open", "day"])
def test_every_number_of_every_row_opens_exactly_its_matters(
    sign_in: SignIn, period: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(LIMITS, "matters_per_page", SMALL_PAGE)
    leader = sign_in(cast.COUNTY_LEADER)
    opened = 0
    # A county and a township are counted in one way, a village in another.
    areas = (cast.COUNTY, cast.TOWNSHIP, cast.VILLAGE) if period is FEBRUARY else (cast.TOWNSHIP, cast.VILLAGE)
    for area_code in areas:
        answer = tally(leader, **period, area_code=area_code)
        for narrowed, numbers, said in _rows(answer):
            if not any(numbers.values()):
                continue  # hundreds of villages; that nothing of them is missing is seen by the sums below
            for measure, number in numbers.items():
                shown = behind(leader, **period, **narrowed, measure=measure)
                assert len(shown) == number, (narrowed, measure)
                assert all(line[name] == value for line in shown for name, value in said.items())
                opened += number
    assert opened > 10, "hardly anything was opened"


@pytest.mark.usefixtures("_history")
def test_rows_of_each_kind_add_up_to_the_total(sign_in: SignIn):
    leader = sign_in(cast.COUNTY_LEADER)
    for area_code in (cast.COUNTY, cast.TOWNSHIP):
        answer = tally(leader, **FEBRUARY, area_code=area_code)
        assert answer["total"]["overdue"] > 0
        for kind in ("by_area", "by_category", "by_origin", "by_unit"):
            sums = {m: sum(row["numbers"][m] for row in answer[kind]) for m in answer["total"]}
            assert sums == answer["total"], kind
        for measure in ("raised", "open", "overdue"):
            assert sum(row[measure] for row in answer["heat"]) == answer["total"][measure]
        moved = [sum(row["numbers"][m] for row in answer["by_unit"]) for m in ("moved_in", "moved_out")]
        assert moved == [2, 2], "what left one unit came to another: 退回仍逾期 back, 镇里办不了 to the bureau"


@pytest.mark.usefixtures("_history")
def test_what_is_overdue_is_charged_to_the_responsible_unit_by_name_the_longest_first(sign_in: SignIn):
    answer = tally(sign_in(cast.COUNTY_LEADER), **FEBRUARY)
    overdue = [
        (row["unit_name"], row["numbers"]["overdue"], row["longest_overdue_days"])
        for row in answer["by_unit"] if row["numbers"]["overdue"]
    ]  # fmt: skip
    assert overdue == [
        ("龙溪镇人民政府", 1, 29),  # 邻镇待办, due on January 30
        (cast.BUREAU, 2, 28),  # 逾期到三月才办结, due on January 31; 交办逾期
        ("邓家铺镇人民政府", 2, 8),  # 退回仍逾期, due on February 20; 过了六十天
    ]
    rest = answer["by_unit"][len(overdue) :]
    assert all(row["longest_overdue_days"] is None for row in rest), "who has nothing overdue comes after"


@pytest.mark.usefixtures("_history")
def test_what_was_open_and_came_and_went_is_what_is_open_in_every_row(sign_in: SignIn):
    answer = tally(sign_in(cast.COUNTY_LEADER), **FEBRUARY)
    rows = [numbers for _, numbers, _ in _rows(answer)]
    assert len([numbers for numbers in rows if any(numbers.values())]) > 8
    for numbers in rows:
        came = numbers["carried_over"] + numbers["raised"] + numbers["reopened"] + numbers.get("moved_in", 0)
        went = numbers["resolved"] + numbers["explained"] + numbers["unachieved"] + numbers.get("moved_out", 0)
        assert came - went == numbers["open"]


@pytest.mark.usefixtures("_history")
def test_the_period_before_and_the_days_it_took_stand_beside_it(sign_in: SignIn):
    leader = sign_in(cast.LEADER)
    answer, january = tally(leader, **FEBRUARY), tally(leader, **{"from": "2025-01-01", "to": "2025-01-31"})
    assert answer["before"] == {"from": "2025-01-01", "to": "2025-01-31"}
    assert (answer["total_before"], answer["days_before"]) == (january["total"], january["days"])
    assert january["days"] == {"count": 1, "median": 11, "p90": 11}  # 一月最后一秒办结
    # 1 一月最后一秒提出, 1 办结后再解释已迟, 6 重办后二月办结, 10 后来办结, 51 逾期后局里办结
    assert answer["days"] == {"count": 5, "median": 6, "p90": 51}


@pytest.mark.usefixtures("_history")
def test_the_chart_has_the_twenty_four_months_up_to_the_period(sign_in: SignIn):
    leader = sign_in(cast.LEADER)
    months = {row["month"]: row for row in tally(leader, **FEBRUARY)["by_month"]}
    assert list(months) == [
        *(f"2023-{month:02}" for month in range(3, 13)), *(f"2024-{month:02}" for month in range(1, 13)),
        "2025-01", "2025-02",
    ]  # fmt: skip
    assert {m for m, row in months.items() if any(row[measure] for measure in IN_CHART)} == {
        "2024-12", "2025-01", "2025-02",
    }  # fmt: skip
    here = (cast.VILLAGE, cast.SHARED_VILLAGE)
    # In January: 逾期后局里办结, 逾期到三月才办结, 一月最后一秒提出, 一月最后一秒办结.
    assert {month: row["raised"] for month, row in months.items() if row["raised"]} == {
        "2024-12": 2, "2025-01": 4, "2025-02": len(expected("raised", *here)),
    }  # fmt: skip
    assert {month: row["resolved"] for month, row in months.items() if row["resolved"]} == {
        "2025-01": 1, "2025-02": len(expected("resolved", *here)),
    }  # fmt: skip
    for month in ("2024-12", "2025-01", "2025-02"):
        first = date.fromisoformat(f"{month}-01")
        days = {"from": str(first), "to": str(first.replace(day=monthrange(first.year, first.month)[1]))}
        for measure in IN_CHART:
            assert len(behind(leader, **days, measure=measure)) == months[month][measure]


@pytest.mark.usefixtures("_history")
def test_a_leader_of_a_township_stays_inside_it_and_one_of_the_county_goes_down_and_up_again(sign_in: SignIn):
    leader, county_leader = sign_in(cast.LEADER), sign_in(cast.COUNTY_LEADER)
    own = tally(leader, **FEBRUARY)
    assert own["areas"] == [{"code": cast.TOWNSHIP, "name": "邓家铺镇"}]
    assert own["area"] == {"code": cast.TOWNSHIP, "name": "邓家铺镇", "level": "township", "parent_code": None}
    assert {row["level"] for row in own["by_area"]} == {"village"}
    from_above = tally(county_leader, **FEBRUARY, area_code=cast.TOWNSHIP)
    assert from_above["area"]["parent_code"] == cast.COUNTY
    for part in ("total", "by_area", "by_category", "by_unit", "by_month"):
        assert from_above[part] == own[part]
    village = tally(leader, **FEBRUARY, area_code=cast.VILLAGE)
    assert (village["area"]["parent_code"], village["by_area"]) == (cast.TOWNSHIP, [])
    townships = tally(county_leader, **FEBRUARY)["by_area"]
    assert (len(townships), {row["level"] for row in townships}) == (18, {"township"})


@pytest.mark.usefixtures("_history")
def test_visits_residents_and_persons_are_in_no_tally_and_no_list(sign_in: SignIn, contract: Contract):
    leader = sign_in(cast.COUNTY_LEADER)
    before = tally(leader, **YEAR)
    sign_in(cast.CADRE).apply(*(visit(happened_at=noon(f"2025-02-{day:02}"), note="走访两户") for day in range(1, 28)))
    assert tally(leader, **YEAR) == before
    lists = [behind(leader, **YEAR, measure=measure) for measure in MEASURES]
    said = json.dumps([before, lists], ensure_ascii=False)
    assert "邓家铺镇" in said
    for person in cast.EVERYBODY:
        assert person.name not in said
    assert not re.search("visit|resident|phone|author|actor|detail|龙桂香|13907390001|走访", said)
    shapes = {name: contract.document["components"]["schemas"][name] for name in ("Tally", "TallyMatters", "Numbers")}
    assert not re.search(
        "visit|resident|author", json.dumps({name: shape["properties"] for name, shape in shapes.items()})
    )


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

"""What a leader reads: every number is the count of the matters behind it, and nothing else is in it."""

import json
import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

import pytest

from server.domain.tallies import BETWEEN_UNITS, IN_CHART, MEASURES
from server.domain.words import LIMITS
from tests import cast
from tests.api.contract import Contract
from tests.api.histories import FEBRUARY, HISTORIES, NEIGHBOUR_VILLAGE
from tests.api.mutations import Json, noon, visit
from tests.api.people import SignIn
from tests.api.tallies import behind, tally, titles

YEAR = {"from": "2025-01-01", "to": "2025-12-31"}
OPEN_ENDED = {"from": "2025-02-28", "to": "2199-12-31"}
SMALL_PAGE = 3


def expected(measure: str, *villages: str) -> list[str]:
    """The titles that a number of February counts, by what is told of each history."""
    return sorted(h.title for h in HISTORIES if h.village in villages for _ in range(h.counted.count(measure)))


def test_each_number_counts_the_matters_that_it_says(told: SignIn):
    for leader, villages in (
        (cast.LEADER, (cast.VILLAGE, cast.SHARED_VILLAGE)),
        (cast.COUNTY_LEADER, (cast.VILLAGE, cast.SHARED_VILLAGE, NEIGHBOUR_VILLAGE)),
        (cast.NEIGHBOUR_LEADER, (NEIGHBOUR_VILLAGE,)),
    ):
        reader = told(leader)
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


@pytest.mark.parametrize("period", [FEBRUARY, OPEN_ENDED], ids=["month", "open"])
def test_every_number_of_every_row_opens_exactly_its_matters(
    told: SignIn, period: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(LIMITS, "matters_per_page", SMALL_PAGE)
    leader = told(cast.COUNTY_LEADER)
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


def test_rows_of_each_kind_add_up_to_the_total(told: SignIn):
    leader = told(cast.COUNTY_LEADER)
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


def test_what_is_overdue_is_charged_to_the_responsible_unit_by_name_the_longest_first(told: SignIn):
    answer = tally(told(cast.COUNTY_LEADER), **FEBRUARY)
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


def test_what_was_open_and_came_and_went_is_what_is_open_in_every_row(told: SignIn):
    answer = tally(told(cast.COUNTY_LEADER), **FEBRUARY)
    rows = [numbers for _, numbers, _ in _rows(answer)]
    assert len([numbers for numbers in rows if any(numbers.values())]) > 8
    for numbers in rows:
        came = numbers["carried_over"] + numbers["raised"] + numbers["reopened"] + numbers.get("moved_in", 0)
        went = numbers["resolved"] + numbers["explained"] + numbers["unachieved"] + numbers.get("moved_out", 0)
        assert came - went == numbers["open"]


def test_the_period_before_and_the_days_it_took_stand_beside_it(told: SignIn):
    leader = told(cast.LEADER)
    answer, january = tally(leader, **FEBRUARY), tally(leader, **{"from": "2025-01-01", "to": "2025-01-31"})
    assert answer["before"] == {"from": "2025-01-01", "to": "2025-01-31"}
    assert (answer["total_before"], answer["days_before"]) == (january["total"], january["days"])
    assert january["days"] == {"count": 1, "median": 11, "p90": 11}  # 一月最后一秒办结
    # 1 一月最后一秒提出, 1 办结后再解释已迟, 6 重办后二月办结, 10 后来办结, 51 逾期后局里办结
    assert answer["days"] == {"count": 5, "median": 6, "p90": 51}


def test_the_chart_has_the_twenty_four_months_up_to_the_period(told: SignIn):
    leader = told(cast.LEADER)
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


def test_a_leader_of_a_township_stays_inside_it_and_one_of_the_county_goes_down_and_up_again(told: SignIn):
    leader, county_leader = told(cast.LEADER), told(cast.COUNTY_LEADER)
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


def test_visits_residents_and_persons_are_in_no_tally_and_no_list(told: SignIn, contract: Contract):
    leader = told(cast.COUNTY_LEADER)
    before = tally(leader, **YEAR)
    told(cast.CADRE).apply(*(visit(happened_at=noon(f"2025-02-{day:02}"), note="走访两户") for day in range(1, 28)))
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

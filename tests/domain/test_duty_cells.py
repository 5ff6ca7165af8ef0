"""What the lines of a handed-in list say, and what is said of each wrong cell."""

from uuid import UUID

import pytest

from server.domain.duty_cells import COLUMNS, MOST_ROWS, OWN_TOWNSHIP, cells_of, read_lines
from server.domain.refusals import Refusal
from server.domain.responsibilities import Duty
from tests import cast

HEADINGS = list(COLUMNS.values())
BUREAU, CITY_BUREAU, NAMESAKE = UUID(int=1), UUID(int=2), UUID(int=3)
UNITS = {
    (cast.COUNTY, "武冈市水利局"): BUREAU,
    ("430500000000", "邵阳市水利局"): CITY_BUREAU,
    ("430500000000", "武冈市水利局"): NAMESAKE,
}
SOUND = ["饮水水利", "县市区", "武冈市水利局", "7", "《水法》", "否"]


def line(*cells: str):
    (read,), _ = read_lines([HEADINGS, list(cells)], cast.COUNTY, UNITS)
    return read


def complaints(*cells: str) -> dict[str, str]:
    return {each.field: each.code for each in line(*cells).complaints}


def with_cell(field: str, cell: str) -> list[str]:
    """SOUND with one cell in place of another."""
    at = list(COLUMNS).index(field)
    return [*SOUND[:at], cell, *SOUND[at + 1 :]]


def test_a_sound_line_is_understood():
    read = line(*SOUND)
    assert (read.category, read.level, read.unit_id, read.days_allowed) == ("water", "county", BUREAU, 7)
    assert (read.legal_basis, read.township_may_settle, read.complaints, read.row) == ("《水法》", False, [], 2)


@pytest.mark.parametrize(
    "duty",
    [
        Duty("water", "county", BUREAU, 7, "《水法》", False),
        Duty("water", "prefecture", CITY_BUREAU, 40, "", False),
        Duty("road", "township", None, 1, "第一条\n第二条", True),
    ],
)
def test_what_is_written_into_a_file_is_read_out_of_it(duty: Duty):
    names = {unit_id: name for (_, name), unit_id in UNITS.items()}
    read = line(*cells_of(duty, names[duty.unit_id] if duty.unit_id else None))
    assert read.complaints == []
    said = (read.category, read.level, read.unit_id, read.days_allowed, read.legal_basis, read.township_may_settle)
    assert said == tuple(vars(duty).values())


@pytest.mark.parametrize("days", ["7", "７", "7.0", " 7 天", "7个工作日", "7日"])
def test_days_are_read_as_people_write_them(days: str):
    assert line(*with_cell("days_allowed", days)).days_allowed == 7


@pytest.mark.parametrize("days", ["0", "41", "-7", "7.5", "七", "99999", "2026-01-07 00:00:00", "=7", "１Ｅ１"])
def test_days_that_cannot_be_are_named_and_left_open(days: str):
    assert complaints(*with_cell("days_allowed", days)) == {"days_allowed": "days_out_of_range"}
    assert line(*with_cell("days_allowed", days)).days_allowed is None


@pytest.mark.parametrize(
    ("field", "cell", "code"),
    [
        ("category", "修路", "choice_invalid"),
        ("category", "", "field_required"),
        ("level", "村社区", "choice_invalid"),
        ("level", "", "field_required"),
        ("unit_id", "水利局", "unit_unknown"),
        ("unit_id", "邵阳市水利局", "unit_not_of_level"),
        ("unit_id", "", "field_required"),
        ("unit_id", OWN_TOWNSHIP, "field_required"),
        ("days_allowed", "", "field_required"),
        ("legal_basis", "法" * 201, "text_too_long"),
        ("legal_basis", "法\u202e", "text_bad_character"),
        ("township_may_settle", "也许", "choice_invalid"),
        ("township_may_settle", "是", "settles_above_township"),
    ],
)
def test_each_wrong_cell_is_named_with_what_stands_in_it(field: str, cell: str, code: str):
    (complaint,) = line(*with_cell(field, cell)).complaints
    assert (complaint.field, complaint.code, complaint.said) == (field, code, cell)


def test_all_wrong_cells_of_a_line_are_named_at_once():
    assert complaints("修路", "县市区", "谁", "", "《水法》", "") == {
        "category": "choice_invalid", "unit_id": "unit_unknown", "days_allowed": "field_required",
    }  # fmt: skip


def test_a_unit_is_the_one_of_its_level():
    assert line(*with_cell("level", "市州")).unit_id == NAMESAKE


def test_a_township_line_takes_no_unit():
    for cell in ("", OWN_TOWNSHIP, "所在乡镇(街道)"):
        assert complaints("道路交通", "乡镇街道", cell, "7", "", "是") == {}
    assert complaints("道路交通", "乡镇街道", "武冈市水利局", "7", "", "是") == {"unit_id": "unit_not_of_level"}


def test_a_second_line_for_a_category_at_a_level_is_named():
    lines, _ = read_lines([HEADINGS, SOUND, [""], with_cell("days_allowed", "9")], cast.COUNTY, UNITS)
    assert [(each.row, [complaint.code for complaint in each.complaints]) for each in lines] == [
        (2, []), (4, ["rule_twice"]),
    ]  # fmt: skip


def test_columns_are_found_by_their_headings_and_others_are_told():
    rows = [["备注", *reversed(HEADINGS), ""], ["急", *reversed(SOUND)], ["", "", "", "", ""]]
    lines, ignored = read_lines(rows, cast.COUNTY, UNITS)
    assert ([each.unit_id for each in lines], ignored) == ([BUREAU], ["备注"])


@pytest.mark.parametrize("rows", [[], [[]], [SOUND], [HEADINGS[:-1], SOUND]])
def test_a_file_without_the_headings_is_refused(rows: list[list[str]]):
    with pytest.raises(Refusal) as refused:
        read_lines(rows, cast.COUNTY, UNITS)
    assert refused.value.code == "columns_missing"


def test_a_file_with_far_too_many_lines_is_refused():
    with pytest.raises(Refusal) as refused:
        read_lines([HEADINGS, *([SOUND] * (MOST_ROWS + 1))], cast.COUNTY, UNITS)
    assert refused.value.code == "too_many_rows"


def test_what_was_marked_as_text_is_read_without_its_mark():
    assert line(*with_cell("legal_basis", "'=HYPERLINK(1)")).legal_basis == "=HYPERLINK(1)"

"""`flask areas import` and `flask units add`."""

import csv

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.store.changes import NAMES
from server.store.db import reading
from server.store.tables import Area, Scope, Unit
from tests import cast
from tests.cli.conftest import Run, Write
from tests.harness.world import DIVISIONS

HEAD = "code,name,level,parent_code"
PROVINCE, PREFECTURE, COUNTY = (
    "430000000000,湖南省,province,",
    "430500000000,邵阳市,prefecture,430000000000",
    "430581000000,武冈市,county,430500000000",
)
TOWNSHIP = "430581105000,邓家铺镇,township,430581000000"
VILLAGE = "430581105203,扶峰村委会,village,430581105000"
ALL = (HEAD, PROVINCE, PREFECTURE, COUNTY, TOWNSHIP, VILLAGE)


def count(app: Flask, table: type[Area | Unit | Scope]) -> int:
    """How many there are; the scope that counts renamings is no phone's."""
    query = select(func.count()).select_from(table)
    with app.app_context():
        return reading().scalar(query.where(Scope.id != NAMES) if table is Scope else query) or 0


def test_the_real_divisions_are_imported_with_a_government_for_every_township(run_bare: Run, bare_app: Flask):
    result = run_bare("areas", "import", str(DIVISIONS))
    assert (result.exit_code, result.stdout) == (0, "已导入 336 个区划。\n")
    assert (count(bare_app, Area), count(bare_app, Unit), count(bare_app, Scope)) == (336, 18, 36)
    with bare_app.app_context():
        with DIVISIONS.open(encoding="utf-8") as file:
            wanted = {row["code"]: row["name"] for row in csv.DictReader(file)}
        assert {area.code: area.name for area in reading().scalars(select(Area))} == wanted


def test_importing_again_makes_no_duplicates(run: Run, app: Flask):
    before = count(app, Area), count(app, Unit), count(app, Scope)
    assert run("areas", "import", str(DIVISIONS)).exit_code == 0
    assert (count(app, Area), count(app, Unit), count(app, Scope)) == before


def test_a_division_whose_name_changed_is_renamed_and_found_by_its_new_initials(run: Run, app: Flask, csv_file: Write):
    assert run("areas", "import", csv_file(HEAD, VILLAGE.replace("扶峰村委会", "新峰村"))).exit_code == 0
    with app.app_context():
        area = reading().get_one(Area, cast.VILLAGE)
        assert (area.name, area.initials) == ("新峰村", "xfc")


def test_a_township_that_was_renamed_has_its_government_renamed_with_it(run: Run, app: Flask, csv_file: Write):
    renamed = csv_file(HEAD, TOWNSHIP.replace("邓家铺镇", "邓家铺街道"))
    before = cast.unit_id(app, "邓家铺镇人民政府")
    assert run("areas", "import", renamed).exit_code == 0
    assert cast.unit_id(app, "邓家铺街道办事处") == before
    assert run("areas", "import", renamed).exit_code == 0
    assert cast.unit_id(app, "邓家铺街道办事处") == before


def test_a_township_is_not_renamed_when_another_unit_has_its_governments_new_name(
    run: Run, app: Flask, csv_file: Write
):
    assert run("units", "add", "邓家铺街道办事处", "--area", cast.TOWNSHIP).exit_code == 0
    result = run("areas", "import", csv_file(HEAD, TOWNSHIP.replace("邓家铺镇", "邓家铺街道")))
    assert result.exit_code == 1
    assert "已另有单位“邓家铺街道办事处”" in result.output
    with app.app_context():
        assert reading().get_one(Area, cast.TOWNSHIP).name == "邓家铺镇"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_as_a_chinese_spreadsheet_program_saves_it(
    run_bare: Run, bare_app: Flask, csv_file: Write, encoding: str
):
    assert run_bare("areas", "import", csv_file(*ALL, encoding=encoding)).exit_code == 0
    with bare_app.app_context():
        assert reading().get_one(Area, cast.TOWNSHIP).name == "邓家铺镇"


def test_columns_may_come_in_any_order_beside_others(run_bare: Run, bare_app: Flask, csv_file: Write):
    file = csv_file("备注,level,parent_code,name,code", "x,province,, 湖南省 ,430000000000")
    result = run_bare("areas", "import", file)
    assert (result.exit_code, count(bare_app, Area)) == (0, 1), result.output


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("430581105204,黄塘村,township,430581105000", "与级别“township”不符"),
        ("43058110520,黄塘村,village,430581105000", "区划代码 43058110520 不是 12 位"),
        (",黄塘村,village,430581105000", "区划代码 （空） 不是 12 位"),
        ("430581105204,,village,430581105000", "区划 430581105204 没有名称"),
        ("430581105204,\u200d,village,430581105000", "区划 430581105204 没有名称"),
        ("430581105204,黄塘\u202e村,village,430581105000", "区划 430581105204 的名称太长，或有换行、看不见的符号"),
        ("430581105204,黄塘\u00ad村,village,430581105000", "看不见的符号"),
        ('430581105204,"黄塘\n村",village,430581105000', "有换行"),
        ("430581105204,黄塘\t村,village,430581105000", "有换行"),
        (f"430581105204,{'村' * 61},village,430581105000", "名称太长"),
        (f"430581106000,{'龙' * 57}镇,township,430581000000", "名称太长"),  # with 人民政府 it is a unit's
        ("430581106201,邻村,village,430581106000", "上级 430581106000 还没有导入"),
        ("430581106201,邻村,village,430581105000", "按代码应是 430581106000"),
        ("430581106201,邻村,village,", "按代码应是 430581106000"),
        ("430581105204,黄塘村", "与级别“”不符"),
    ],
)
def test_one_wrong_row_and_nothing_is_imported(run_bare: Run, bare_app: Flask, csv_file: Write, row: str, why: str):
    result = run_bare("areas", "import", csv_file(*ALL, row))
    assert result.exit_code == 1
    assert why in result.output
    assert "没有导入任何内容" in result.output
    assert (count(bare_app, Area), count(bare_app, Unit), count(bare_app, Scope)) == (0, 0, 0)


def test_a_county_can_be_the_top(run_bare: Run, bare_app: Flask, csv_file: Write):
    result = run_bare("areas", "import", csv_file(HEAD, "430581000000,武冈市,county,", TOWNSHIP, VILLAGE))
    assert (result.exit_code, count(bare_app, Area)) == (0, 3), result.output


@pytest.mark.parametrize("lines", [(), ("code,name", "430000000000,湖南省")])
def test_a_file_without_the_columns_is_refused_with_their_names(run_bare: Run, csv_file: Write, lines: tuple[str, ...]):
    result = run_bare("areas", "import", csv_file(*lines))
    assert result.exit_code == 1
    assert "code,level,name,parent_code" in result.output


def test_a_file_that_is_no_text_is_refused_in_one_sentence(run_bare: Run, tmp_path):
    (tmp_path / "x.csv").write_bytes(b"PK\x03\x04\xff\xff\xff")
    result = run_bare("areas", "import", str(tmp_path / "x.csv"))
    assert (result.exit_code, "文件不是文本" in result.output) == (1, True)


def test_a_unit_is_added_with_its_scope(run: Run, app: Flask):
    before = count(app, Scope)
    result = run("units", "add", " 武冈市民政局 ", "--area", cast.COUNTY)
    assert result.exit_code == 0
    assert cast.unit_id(app, "武冈市民政局")
    assert count(app, Scope) == before + 1


@pytest.mark.parametrize(
    ("name", "area", "why"),
    [
        (cast.BUREAU, cast.COUNTY, "已经有了"),
        ("民政局", "430599000000", "没有区划 430599000000"),
        ("  ", cast.COUNTY, "单位名称是空的或太长"),
        ("局" * 61, cast.COUNTY, "单位名称是空的或太长"),
        ("民政\n局", cast.COUNTY, "有特殊符号"),
        ("民政\t局", cast.COUNTY, "有特殊符号"),
        ("民政\u202e局", cast.COUNTY, "有特殊符号"),
        ("民政\u00ad局", cast.COUNTY, "有特殊符号"),
        ("\u3164", cast.COUNTY, "单位名称是空的"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_with_the_reason(run: Run, app: Flask, name: str, area: str, why: str):
    before = count(app, Unit)
    result = run("units", "add", name, "--area", area)
    assert result.exit_code == 1
    assert why in result.output
    assert count(app, Unit) == before


def test_two_areas_may_each_have_a_unit_of_one_name(run: Run):
    assert run("units", "add", "林业站", "--area", cast.TOWNSHIP).exit_code == 0
    assert run("units", "add", "林业站", "--area", cast.NEIGHBOUR_TOWNSHIP).exit_code == 0

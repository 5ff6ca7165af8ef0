"""A case is told without the resident, without those who handled it and without its places; what it teaches stays."""

from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.access import Actor, Grant
from server.domain.anonymous import Called, without_resident
from server.domain.cases import anonymiser, check_may_mark, places_near, proposed, told
from server.domain.lifecycle import STATES
from server.domain.refusals import Refusal
from tests.cast import COUNTY, NEIGHBOUR_TOWNSHIP, TOWNSHIP, VILLAGE

AREAS = [
    (COUNTY, "county", "武冈市"),
    (TOWNSHIP, "township", "邓家铺镇"),
    (NEIGHBOUR_TOWNSHIP, "township", "龙溪镇"),
    (VILLAGE, "village", "扶峰村委会"),
    ("430581105204", "village", "黄塘村委会"),
    ("430581105209", "village", "清水村"),
    ("430581105001", "village", "水云社区居委会"),
]
HIDING = anonymiser([Called("龙桂香", "139 0739 0001")], ["李秀英", "王 建国"], places_near(VILLAGE, AREAS))


@pytest.mark.parametrize(
    ("text", "told_as"),
    [
        # the resident, however written
        ("龙桂香家的水管", "群众家的水管"),
        ("龙 桂 香家", "群众家"),
        ("桂香说不用了", "群众说不用了"),
        ("龙大爷和龙奶奶", "群众和群众"),
        ("龙王庙旁边的龙眼树", "龙王庙旁边的龙眼树"),
        # numbers, however spaced and in whatever digits
        ("打13907390001", "打某号码"),
        ("打 139-0739-0001", "打 某号码"),
        ("打 +8613811112222", "打 +某号码"),
        ("打１３８１１１１２２２２", "打某号码"),
        ("打一三八一一一一二二二二", "打某号码"),
        ("0739-4221234", "某号码"),
        ("(0739)4221234", "某号码"),
        ("电话：4221234", "电话某号码"),
        ("身份证430581199501011234", "身份证某号码"),
        ("身份证43058119950101123x，", "身份证某号码，"),
        ("430581 19950101 1234", "某号码"),
        ("430581950101123", "某号码"),
        ("卡号 6222 0000 1111 2222 333", "卡号 某号码"),
        ("写信 li.ming@example.com", "写信 某号码"),
        # who handled it
        ("李秀英和王建国到场", "干部和干部到场"),
        # places: its own also without their ending, the others only with it
        ("扶峰村委会、扶峰村、扶峰三组", "某村、某村、某村三组"),
        ("武冈市邓家铺镇", "某市某镇"),
        ("邓家铺镇人民政府、武冈市交通运输局", "某镇人民政府、某市交通运输局"),
        ("龙溪镇和水云社区", "某镇和某社区"),
        ("从清水村引清水", "从某村引清水"),
        # what a case teaches stays
        ("清淤 300 米，花了 12,600 元，3 天", "清淤 300 米，花了 12,600 元，3 天"),
        ("2025-02-10 09:30 到场，20250212 办好", "2025-02-10 09:30 到场，20250212 办好"),
        ("二〇二五年十二月三十一日", "二〇二五年十二月三十一日"),
        ("国办函〔2026〕12号", "国办函〔2026〕12号"),
    ],
)
def test_what_points_to_a_person_or_a_place_is_replaced_and_nothing_else(text: str, told_as: str):
    assert HIDING.tell(text).text == told_as


PIECES = ["龙桂香", "桂香", "龙大爷", "139", "0739", "0001", "13907390001", "430581", "19950101", "1234", "李秀英",
          "扶峰", "村", "村委会", "邓家铺", "镇", "武冈", "市", "黄塘", " ", "-", "，", "电话",
          "：", "三组", "水", "x"]  # fmt: skip


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_whatever_is_written_a_second_look_finds_nothing_more_and_no_name_or_long_number_is_left(text: str):
    once = HIDING.tell(text)
    again = HIDING.tell(once.text)
    assert (again.text, sum(again.replaced.values())) == (once.text, 0)
    for secret in ("龙桂香", "龙大爷", "李秀英", "13907390001", "扶峰", "邓家铺", "武冈", "黄塘村"):
        assert secret not in once.text


def test_it_is_said_how_often_something_of_each_kind_was_replaced():
    texts, replaced = told({"title": "龙桂香的水管", "deed": "李秀英打13907390001，到扶峰村和黄塘村"}, HIDING)
    assert texts == {"title": "群众的水管", "deed": "干部打某号码，到某村和某村"}
    assert replaced == {"resident": 1, "person": 1, "number": 1, "place": 2}


@pytest.mark.parametrize(
    ("name", "text", "told_as"),
    [
        ("欧阳明", "欧阳大叔、欧阳明", "群众、群众"),
        ("欧阳明亮", "明亮说", "群众说"),
        ("阿依古丽·买买提", "阿依古丽·买买提家", "群众家"),
        ("John Smith", "john smith came", "群众 came"),
        ("龙", "龙家的水管", "龙家的水管"),
        (".*", "什么.*", "什么群众"),
        ("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
        (None, "龙桂香", "龙桂香"),
        ("  ", "有 空 格", "有 空 格"),
    ],
)
def test_any_name_is_found_as_it_is_written_and_is_never_a_pattern(name: str | None, text: str, told_as: str):
    assert without_resident(text, name, None) == told_as


@pytest.mark.parametrize(
    ("phone", "text", "told_as"),
    [
        ("84221234", "打8422-1234", "打某号码"),
        ("8422 1234", "打８４２２１２３４", "打某号码"),
        ("110", "打110", "打110"),
        (None, "打84221234", "打84221234"),
    ],
)
def test_the_residents_own_number_is_found_however_short(phone: str | None, text: str, told_as: str):
    assert without_resident(text, None, phone) == told_as


@pytest.mark.parametrize(
    ("areas", "text", "told_as"),
    [
        ([("430529000000", "county", "城步苗族自治县")], "城步县、城步苗族自治县、城步", "某县、某县、某县"),
        ([("430529101000", "township", "镇江乡")], "镇江乡、镇江", "某乡、某乡"),
        ([("430529101000", "township", "水西门街道")], "水西门街道办事处", "某街道办事处"),
        ([("430529101001", "village", "花塔社区居委会")], "花塔社区、花塔居委会、花塔", "某社区、某居委会、某社区"),
        ([("430529101001", "village", "新村")], "新村修了新路", "某村修了新路"),
    ],
)
def test_a_place_is_called_by_its_kind(areas: list[tuple[str, str, str]], text: str, told_as: str):
    hiding = anonymiser([], [], places_near("430529101001", areas))
    assert hiding.tell(text).text == told_as


def somebody(role: str, area_code: str) -> Actor:
    return Actor(uuid4(), "某人", 1, frozenset({Grant(role, area_code)}))


def leader_of(area_code: str) -> Actor:
    return somebody("leader", area_code)


@pytest.mark.parametrize("state", STATES)
def test_a_leader_of_the_area_may_mark_what_is_settled(state: str):
    if state in {"resolved", "confirmed", "explained"}:
        check_may_mark(leader_of(TOWNSHIP), VILLAGE, state)
        return
    with pytest.raises(Refusal) as refused:
        check_may_mark(leader_of(TOWNSHIP), VILLAGE, state)
    assert refused.value.code == "case_not_settled"


@pytest.mark.parametrize(
    "actor",
    [leader_of(NEIGHBOUR_TOWNSHIP), somebody("cadre", VILLAGE), somebody("coordinator", TOWNSHIP)],
)
def test_nobody_else_may_and_does_not_learn_whether_it_is_there(actor: Actor):
    with pytest.raises(Refusal) as refused:
        check_may_mark(actor, VILLAGE, "raised")
    assert refused.value.code == "matter_not_found"


def test_a_draft_tells_what_was_raised_and_every_step_that_was_done():
    assert proposed("路灯不亮", None, ["看过了", "换好了"]) == {
        "title": "路灯不亮", "problem": "路灯不亮", "deed": "看过了\n换好了",
    }  # fmt: skip
    assert proposed("路灯不亮", "三盏都不亮", [])["problem"] == "三盏都不亮"

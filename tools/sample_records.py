"""Records that look like a township's half year, entered through the real API: for screenshots and measuring."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from uuid6 import uuid7

from tests import cast
from tests.harness.caller import Caller, mutation
from tests.harness.hearing import embedded, let_hear
from tests.harness.lost_phone import PhoneOverHttp

SHANGHAI = ZoneInfo("Asia/Shanghai")

# (days ago, kind, village, note, [(title, category, what changed at once or None, resident or None)])
VISITS: list[tuple[int, str, str, str | None, list[tuple[str, str, str | None, tuple[str, str] | None]]]] = [
    (158, "petition", cast.VILLAGE, None, [
        ("三组机耕路塌方，农机过不去", "road", None, ("周大山", "13800000001")),
        ("低保复核结果没收到通知", "welfare", "当场查到已通过，把通知单送到了手里。", None),
    ]),
    (131, "onsite", cast.SHARED_VILLAGE, "现场看水渠", [
        ("灌溉渠堵塞，二十亩田缺水", "water", None, ("肖运来", "13800000002")),
        ("两户危房鉴定排队太久", "housing", None, None),
    ]),
    (104, "research", cast.VILLAGE, "走访留守老人", [
        ("村卫生室血压计坏了", "health", "当天从镇卫生院调来一台，老人可以量血压了。", None),
    ]),
    (96, "petition", cast.SHARED_VILLAGE, None, [
        ("与邻居宅基地边界争议", "dispute", None, ("刘清泉", "13800000003")),
        ("养老金资格认证不会操作", "welfare", "帮她用手机认证好了，下月起照常发放。", None),
    ]),
    (73, "outreach", cast.VILLAGE, "医保政策宣讲", [
        ("异地就医报销材料退回两次", "health", "一次补齐材料，报销款 3,260 元已到账。", ("陈冬梅", "13800000004")),
    ]),
    (58, "onsite", cast.VILLAGE, None, [
        ("五组路灯不亮，老人夜里摔跤", "power", None, None),
        ("垃圾池满了半个月没人清", "environment", "联系清运车当天清完，定了每周三清一次。", None),
    ]),
    (44, "petition", cast.SHARED_VILLAGE, None, [
        ("通村公路弯道没有护栏", "road", None, ("王满秀", "13800000005")),
        ("孩子转学学籍没转过来", "education", "与县教育局核实，学籍当天转好。", None),
    ]),
    (30, "research", cast.VILLAGE, "问油茶销路", [
        ("油茶果收购价压得太低", "livelihood", None, None),
    ]),
    (19, "onsite", cast.SHARED_VILLAGE, None, [
        ("自来水水压不够，三楼没水", "water", None, ("夏桂香", "13800000006")),
        ("倒伏的电线杆还没扶正", "power", "供电所当天扶正，恢复送电。", None),
    ]),
    (8, "petition", cast.VILLAGE, None, [
        ("退耕还林补助少算了一亩", "land", None, ("李代昌", "13800000007")),
        ("残疾证到期不知道怎么换", "welfare", "代办换证，新证已送到家。", None),
    ]),
    (6, "petition", cast.SHARED_VILLAGE, None, [
        ("自来水水压太低，三楼上不去水", "water", None, None),
    ]),
    (3, "outreach", cast.SHARED_VILLAGE, "秋冬防火宣传", []),
    (1, "onsite", cast.VILLAGE, None, [
        ("村口桥面有坑，摩托车容易摔", "road", None, ("周小平", "13800000008")),
        ("水费重复扣了一个月", "water", "核对后退回 46 元，已到账。", None),
    ]),
]  # fmt: skip

# (matter, who, act, days ago, text)
FOLLOWED: list[tuple[str, str, str, int, str]] = [
    ("三组机耕路塌方，农机过不去", "handler", "accept", 148, "已派人勘查。"),
    ("三组机耕路塌方，农机过不去", "handler", "progress", 140, "挡土墙基础已挖好，等水泥进场。"),
    ("三组机耕路塌方，农机过不去", "handler", "resolve", 122, "塌方路段砌好挡土墙，拖拉机可以进田。"),
    ("灌溉渠堵塞，二十亩田缺水", "cadre", "resolve", 120, "清淤 300 米，二十亩田都放上了水。"),
    ("两户危房鉴定排队太久", "cadre", "progress", 110, "住建局答应本月排期。"),
    ("两户危房鉴定排队太久", "cadre", "escalate", 60, "鉴定由县里统一派人，镇里排不了期。"),
    ("与邻居宅基地边界争议", "cadre", "explain", 80, "按 1990 年登记的四至，边界没有变动，两家都看了原图。"),
    ("五组路灯不亮，老人夜里摔跤", "cadre", "resolve", 49, "换了六盏太阳能路灯，夜里走路看得见了。"),
    ("通村公路弯道没有护栏", "handler", "accept", 36, ""),
    ("油茶果收购价压得太低", "cadre", "unachieve", 12, "联系三家收购商都不加价，明年改走合作社统销。"),
    ("自来水水压不够，三楼没水", "handler", "return", 14, "不属于交通部门，请交水利局。"),
]

ASSIGNED = {"三组机耕路塌方，农机过不去": 152, "通村公路弯道没有护栏": 40, "自来水水压不够，三楼没水": 17}
"""Matters that the coordinator gave to BUREAU, and how many days ago."""

EXEMPLARY = ("三组机耕路塌方，农机过不去", "灌溉渠堵塞，二十亩田缺水", "五组路灯不亮，老人夜里摔跤")
"""What the leader put into the case library."""

UNSENT: tuple[int, str, str, str, list[tuple[str, str, str | None, tuple[str, str] | None]]] = (
    2, "onsite", cast.SHARED_VILLAGE, "路过，顺便看看", [
        ("六组排水沟塌了一段，雨天进院子", "environment", None, ("曾桂英", "13800000009")),
        ("井盖松动，车一压就响", "road", "当场垫平，换了新盖。", None),
    ],
)  # fmt: skip
"""A visit that lay on a phone when it was lost."""

DUTIES: list[tuple[str, str, str | None, int, str, bool]] = [
    ("road", "township", None, 15, "《农村公路养护管理暂行办法》第五条", True),
    ("road", "county", cast.BUREAU, 20, "《公路法》第三十五条", False),
    ("water", "township", None, 7, "", True),
    ("water", "county", cast.OTHER_BUREAU, 15, "《水法》第十二条", False),
    ("welfare", "township", None, 10, "《社会救助暂行办法》第十一条", True),
    ("dispute", "township", None, 30, "《人民调解法》第五条", True),
    ("environment", "township", None, 5, "", True),
]
"""The county's responsibility list, kept since today: category, level, unit, working days, basis, whether the
township may settle it."""

CALLED_BACK = (121, 71)
"""How many days ago the days began and ended whose settlements are called back: three residents left a number."""


def enter(url: str, var: Path) -> None:
    """Enter the records at the server at `url` (the people of tests/cast.py live there), whose data are in `var`."""
    cadre = Caller(url, cast.CADRE)
    ids: dict[str, str] = {}
    _send(cadre, [_on_time("visit.record", _visit(ids, *row)) for row in VISITS])
    coordinator = Caller(url, cast.COORDINATOR)
    units = {unit["name"]: unit["id"] for unit in coordinator.call("GET", "/api/reference")["units"]}
    _send(
        coordinator,
        [_act(ids[title], "assign", days, None, unit_id=units[cast.BUREAU]) for title, days in ASSIGNED.items()],
    )
    people = {"cadre": cadre, "handler": Caller(url, cast.HANDLER)}
    for title, who, act, days, text in FOLLOWED:
        reason = {"reason": "not_ours"} if act == "return" else {}
        _send(people[who], [_act(ids[title], act, days, text or None, **reason)])
    leader = Caller(url, cast.LEADER)
    for title in EXEMPLARY:
        draft = leader.call("GET", f"/api/matters/{ids[title]}/case-draft")
        texts = {name: draft[name] for name in ("category", "title", "problem", "deed")}
        leader.call("PUT", f"/api/cases/{ids[title]}", texts)
    with embedded(var) as session:
        let_hear(session)  # what is drawn goes by when the server heard of it, which it did today
    _call_back(Caller(url, cast.COUNTY_LEADER))
    _lose_a_phone(url, ids["自来水水压太低，三楼上不去水"])
    Caller(url, cast.ADMIN).give_role(cast.AUDITOR, "coordinator", cast.COUNTY)
    names = ("category", "level", "unit", "days_allowed", "legal_basis", "township_may_settle")
    Caller(url, cast.AUDITOR).keep_duties(cast.COUNTY, *(dict(zip(names, row, strict=True)) for row in DUTIES))


def _lose_a_phone(url: str, open_matter: str) -> None:
    """A colleague's phone is lost, and handed in what she had not sent."""
    phone = PhoneOverHttp(url, cast.COLLEAGUE)
    phone.get_lost()
    ids: dict[str, str] = {}
    phone.hand_in(
        _on_time("visit.record", _visit(ids, *UNSENT)),
        _act(next(iter(ids.values())), "progress", 2, "已请清运队来看过，周五动手。"),
        _act(open_matter, "progress", 2, "水管站说泵坏了，下周换。"),
    )


def _call_back(leader: Caller) -> None:
    """The county's leader draws three settlements, and has phoned about one of them."""
    first, last = (_ago(days)[:10] for days in CALLED_BACK)
    leader.call("POST", "/api/callbacks/draws", {"area_code": cast.TOWNSHIP, "from": first, "to": last})
    for call in leader.call("GET", "/api/callbacks")["calls"]:
        if call["title"] == "异地就医报销材料退回两次":
            said = {"outcome": "partly", "text": "钱到了，就是跑了两趟。"}
            leader.call("POST", f"/api/callbacks/{call['id']}", said)


def _send(caller: Caller, mutations: list[dict[str, Any]]) -> None:
    refused = [receipt for receipt in caller.push(mutations) if receipt["status"] != "applied"]
    if refused:
        raise RuntimeError(f"refused: {refused}")


def _ago(days: int) -> str:
    morning = datetime.now(UTC).astimezone(SHANGHAI).replace(hour=9, minute=20, second=0, microsecond=0)
    return (morning - timedelta(days=days)).isoformat(timespec="milliseconds")


def _visit(
    ids: dict[str, str], days: int, kind: str, village: str, note: str | None, matters: list[Any]
) -> dict[str, Any]:
    made = []
    for title, category, changed, resident in matters:
        ids[title] = str(uuid7())
        matter: dict[str, Any] = {
            "id": ids[title],
            "raised_event_id": str(uuid7()),
            "title": title,
            "category": category,
        }
        if resident:
            matter["resident"] = {"name": resident[0], "phone": resident[1]}
        if changed:
            matter["resolved"] = {"event_id": str(uuid7()), "text": changed}
        made.append(matter)
    visit = {"id": str(uuid7()), "kind": kind, "village_code": village, "happened_at": _ago(days), "matters": made}
    return visit | ({"note": note} if note else {})


def _act(matter: str, act: str, days: int, text: str | None, **more: Any) -> dict[str, Any]:
    args = {"event_id": str(uuid7()), "matter_id": matter, "act": act, "happened_at": _ago(days), **more}
    return _on_time("matter.act", args | ({"text": text} if text else {}))


def _on_time(name: str, args: dict[str, Any]) -> dict[str, Any]:
    """Recorded when it happened, as most is: not 补录."""
    return mutation(name, args) | {"made_at": args["happened_at"]}

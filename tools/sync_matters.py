"""Matters for measuring the sync: about 400 bytes of Chinese each, no two alike, the same ones each time."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from uuid6 import uuid7

from tests import cast
from tests.harness.caller import mutation

_WHO = [
    "周大山",
    "肖运来",
    "刘清泉",
    "陈冬梅",
    "王满秀",
    "夏桂香",
    "李代昌",
    "周小平",
    "邓长生",
    "杨细妹",
    "唐志华",
    "曾春莲",
    "蒋国强",
    "黄桂英",
    "尹家福",
]
_WHERE = [
    "村口",
    "老井边",
    "后山坡",
    "学校对面",
    "卫生室旁",
    "新桥头",
    "晒谷坪",
    "祠堂后",
    "水库下",
    "茶山脚",
    "岔路口",
    "河堤上",
    "加油站旁",
    "猪场边",
]
_WHAT = [
    "水渠堵了二十亩田浇不上水",
    "机耕路塌方农机过不去",
    "路灯坏了老人夜里摔跤",
    "自来水压不够三楼没水",
    "垃圾池满了半个月没人清",
    "危房鉴定排队太久",
    "低保复核没收到通知",
    "养老金认证不会操作",
    "报销材料退回两次",
    "护栏断了一截车差点翻下去",
    "电线杆歪了还没扶正",
    "宅基地边界和邻居说不拢",
    "油茶果收购价压得太低",
    "退耕补助少算了一亩",
    "孩子转学学籍没转过来",
]
_SINCE = ["去年秋天", "今年开春", "上个月", "发大水以后", "修高速以后", "换了承包人以后", "合村以后", "停电那次以后"]
_TRIED = [
    "找过组长两回，说等上面安排，到现在没有下文；",
    "自己凑钱修过一次，一下雨又坏了；",
    "打过电话，答应派人来看，一直没来；",
    "写过材料交到镇里，不知道转到了哪里；",
    "几户人家商量过出工，就是缺材料和机械；",
    "",
]
_ASKS = [
    "希望赶在春耕前修好，",
    "希望先来人看一看再定怎么办，",
    "能解决就解决，不能解决也给个说法，",
    "愿意出工，请镇上出材料，",
    "请把该交的材料一次说清，",
    "希望今年之内有个结果，",
]
_DONE = [
    "当天联系施工队清淤修整，已经恢复。",
    "现场打电话问清，材料一次补齐，款已到账。",
    "与供电所当场更换，夜里能看见路了。",
    "核对台账后更正，通知单送到本人手里。",
]
_CATEGORIES = ("water", "road", "power", "welfare", "housing", "land", "environment", "education")


def texts(number: int) -> dict[str, str]:
    """Title, category and detail of the matter with this number."""
    pick = _choices(number)
    what, place, group = pick.choice(_WHAT), pick.choice(_WHERE), pick.randint(1, 14)
    detail = (
        f"{pick.choice(_WHO)}等{pick.randint(2, 60)}户反映，{pick.choice(_SINCE)}{group}组{place}{what}，"
        f"影响{pick.randint(3, 90)}亩、{pick.randint(5, 200)}人。{pick.choice(_TRIED)}"
        f"{pick.choice(_WHERE)}到{pick.choice(_WHERE)}约{pick.randint(40, 990)}米也有同样情况，"
        f"{pick.choice(_WHO)}家最急。{pick.choice(_ASKS)}联系人{pick.choice(_WHO)}，"
        f"{pick.randint(2, 12)}月{pick.randint(1, 28)}日以前{pick.choice(_ASKS)[:-1]}。"
    )
    return {"title": f"{group}组{place}{what}", "category": pick.choice(_CATEGORIES), "detail": detail}


def visit(numbers: range, village_code: str = cast.VILLAGE) -> dict[str, Any]:
    """A visit with these matters, every other one resolved on the spot, as a phone sends it."""
    happened = (datetime.now(UTC) - timedelta(minutes=numbers.start % 200_000)).isoformat(timespec="milliseconds")
    args = {"id": _id(), "kind": "onsite", "village_code": village_code, "happened_at": happened}
    return mutation("visit.record", {**args, "matters": [_matter(number) for number in numbers]}) | {
        "made_at": happened
    }


def _matter(number: int) -> dict[str, Any]:
    matter: dict[str, Any] = {"id": _id(), "raised_event_id": _id(), **texts(number)}
    if number % 2:
        matter["resolved"] = {"event_id": _id(), "text": _choices(number).choice(_DONE)}
    return matter


def _choices(number: int) -> random.Random:
    return random.Random(number)  # noqa: S311  (no secret: the same each time)


def _id() -> str:
    return str(uuid7())

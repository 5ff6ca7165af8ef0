"""Matters with a past, told through the API by those whose part it is, around February 2025 in 邓家铺镇.

February has ended long ago: what each number must count is the same whenever the tests run.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from tests import cast
from tests.api.contract import Contract
from tests.api.mutations import RESIDENT, Json, act, new_matter, noon, rating_code, resolved_on_the_spot, visit
from tests.api.people import Caller, SignIn, signing_in
from tests.cast import CADRE, COORDINATOR, HANDLER, LEADER, NEIGHBOUR, Person
from tests.harness.databases import app_on, let_go
from tests.harness.fixtures import Make
from tests.harness.world import make_world

FEBRUARY = {"from": "2025-02-01", "to": "2025-02-28"}
NEIGHBOUR_VILLAGE = "430581106201"
RAISED, RESOLVED, OPEN = ("raised",), ("resolved",), ("open",)
STILL_OPEN = RAISED + OPEN
CARRIED_OVER = ("carried_over",)
ON_THE_SPOT = (*RESOLVED, "resolved_on_the_spot")
BETWEEN = ("moved_out", "moved_in")
"""From one unit to another."""

_KEYS = Fernet.generate_key().decode()
"""Of this test process: the copies of a database that holds residents' names are read with the keys of the original."""


@dataclass(frozen=True)
class Deed:
    """One act, by whom and when."""

    act: str
    by: Person
    at: str


@dataclass(frozen=True)
class History:
    """A matter's life, and the numbers of February that count it, as often as they do. `bureau_due`: the coordinator
    assigned it at once, to be done by that day. `invited`: whoever settled it showed the resident a link."""

    title: str
    raised_at: str
    counted: tuple[str, ...]
    deeds: tuple[Deed, ...] = ()
    on_the_spot: bool = False
    bureau_due: str | None = None
    village: str = cast.VILLAGE
    category: str = "water"
    author: Person = CADRE
    invited: bool = False


def _closed(how: str, at: str, by: Person = CADRE) -> tuple[Deed, ...]:
    return (Deed(how, by, at),)


HISTORIES = (
    History("当场办结", noon("2025-02-10"), RAISED + ON_THE_SPOT, on_the_spot=True),
    History("待办", noon("2025-02-10"), STILL_OPEN, category="road"),
    History(
        "有进展", noon("2025-02-03"), STILL_OPEN, (Deed("progress", CADRE, noon("2025-02-04")),), category="road"
    ),
    History(
        "后来办结", noon("2025-02-10"), (*RAISED, *RESOLVED, "asked"), _closed("resolve", noon("2025-02-20")),
        invited=True,
    ),
    History("解释了", noon("2025-02-10"), (*RAISED, "explained"), _closed("explain", noon("2025-02-20"))),
    History("尽力未成", noon("2025-02-10"), (*RAISED, "unachieved"), _closed("unachieve", noon("2025-02-20"))),
    History("撤回", noon("2025-02-10"), (), _closed("withdraw", noon("2025-02-20"))),
    History("办结后撤回", noon("2025-02-10"), (), _closed("withdraw", noon("2025-02-20")), on_the_spot=True),
    History("并入", noon("2025-02-10"), (), (Deed("merge", COORDINATOR, noon("2025-02-12")),)),
    History(
        "当场办结又重办", noon("2025-02-10"), RAISED + ON_THE_SPOT + ("reopened",) + OPEN,
        (Deed("reopen", LEADER, noon("2025-02-15")),), on_the_spot=True,
    ),
    History(
        "重办后三月办结", noon("2025-02-10"), RAISED + ON_THE_SPOT + ("reopened",) + OPEN,
        (Deed("reopen", CADRE, noon("2025-02-15")), Deed("resolve", CADRE, noon("2025-03-02"))), on_the_spot=True,
    ),
    History(
        "重办后二月办结", noon("2025-02-10"), RAISED + ON_THE_SPOT + ("reopened",) + RESOLVED,
        (Deed("reopen", CADRE, noon("2025-02-15")), Deed("resolve", CADRE, noon("2025-02-16"))), on_the_spot=True,
    ),
    History(
        "办结后再解释已迟", noon("2025-02-10"), RAISED + RESOLVED,
        (Deed("resolve", CADRE, noon("2025-02-11")), Deed("explain", COORDINATOR, noon("2025-02-12"))),
    ),
    # Assigned: charged to the bureau, and overdue from the day after its day.
    History("交办逾期", noon("2025-02-05"), (*STILL_OPEN, "overdue"), bureau_due="2025-02-27"),
    History("月底到期", noon("2025-02-05"), STILL_OPEN, bureau_due="2025-02-28"),
    History(
        "退回仍逾期", noon("2025-02-05"), (*STILL_OPEN, *BETWEEN, "overdue"),
        (Deed("return", HANDLER, noon("2025-02-06")),), bureau_due="2025-02-20",
    ),
    History(
        "逾期后局里办结", noon("2025-01-05"), CARRIED_OVER + RESOLVED,
        (Deed("accept", HANDLER, noon("2025-01-07")), Deed("resolve", HANDLER, noon("2025-02-25"))),
        bureau_due="2025-01-31",
    ),
    History(
        "逾期到三月才办结", noon("2025-01-05"), (*CARRIED_OVER, *OPEN, "overdue"),
        _closed("resolve", noon("2025-03-05")), bureau_due="2025-01-31",
    ),
    # Beyond the township's power: said on February 7, asked of the bureau on the 9th.
    History(
        "镇里办不了", noon("2025-02-06"), (*STILL_OPEN, *BETWEEN, "beyond_power"),
        (Deed("escalate", CADRE, noon("2025-02-07")), Deed("assign", COORDINATOR, noon("2025-02-09"))),
    ),
    # Nobody set a day: 60 days by law.
    History("满六十天", noon("2024-12-30"), CARRIED_OVER + OPEN, category="land"),  # due on February 28
    History("过了六十天", noon("2024-12-29"), (*CARRIED_OVER, *OPEN, "overdue"), category="land"),
    # Around midnight in China.
    History("一月最后一秒提出", "2025-01-31T23:59:59+08:00", CARRIED_OVER + RESOLVED,
            _closed("resolve", "2025-02-01T00:00:00+08:00")),
    History("二月第一秒提出", "2025-01-31T16:00:00+00:00", STILL_OPEN),
    History("一月最后一秒办结", noon("2025-01-20"), (), _closed("resolve", "2025-01-31T15:59:59+00:00")),
    History("二月最后一秒提出", "2025-02-28T23:59:59+08:00", STILL_OPEN,
            _closed("resolve", "2025-03-01T00:00:00+08:00")),
    History("三月第一秒提出", "2025-03-01T00:00:00+08:00", ()),
    History("手机在别的时区", "2025-02-28T23:30:00+07:00", ()),  # half past midnight in China
    # Elsewhere: the county's numbers alone.
    History("邻镇当场办结", noon("2025-02-10"), RAISED + ON_THE_SPOT, on_the_spot=True,
            village=NEIGHBOUR_VILLAGE, author=NEIGHBOUR),
    History("邻镇待办", noon("2024-12-01"), (*CARRIED_OVER, *OPEN, "overdue"),
            village=NEIGHBOUR_VILLAGE, author=NEIGHBOUR),
    History("另一个村", noon("2025-02-14"), STILL_OPEN, village=cast.SHARED_VILLAGE, category="other"),
)  # fmt: skip


def _mutations(history: History, bureau: str, into_id: str) -> Iterator[tuple[Person, Json]]:
    """What each person's phone sends, in order."""
    more = {"resolved": resolved_on_the_spot()} if history.on_the_spot else {}
    matter = new_matter(title=history.title, category=history.category, resident=RESIDENT, **more)
    yield history.author, visit(matter, village_code=history.village, happened_at=history.raised_at)
    if history.bureau_due:
        day = {"unit_id": bureau, "due_day": history.bureau_due}
        yield COORDINATOR, act(matter["id"], "assign", happened_at=history.raised_at, **day)
    for deed in history.deeds:
        needed = {"merge": {"into_id": into_id}, "assign": {"unit_id": bureau}}.get(deed.act, {})
        link = {"rating_code": rating_code()} if history.invited else {}
        yield deed.by, act(matter["id"], deed.act, happened_at=deed.at, **needed, **link)


def live_through(app: Flask, sign_in: SignIn) -> None:
    """Let everybody do what is told of him; all of it is 补录 by now."""
    bureau, phones = cast.unit_id(app, cast.BUREAU), dict[str, Caller]()
    into = new_matter(title="并到这里", category="water")
    phones[CADRE.username] = sign_in(CADRE)
    phones[CADRE.username].apply(visit(into, happened_at=noon("2025-04-01")))
    for history in HISTORIES:
        for person, mutation in _mutations(history, bureau, into["id"]):
            phones.setdefault(person.username, sign_in(person)).apply(mutation)


@pytest.fixture
def told_app(_copy: Callable[[str, Make], str], contract: Contract, tmp_path: Path) -> Iterator[Flask]:
    """The server on a database where all of HISTORIES has happened."""

    def tell(url: str, var: Path) -> None:
        make_world(url, var)
        app = app_on(url, var, RESIDENT_KEYS=_KEYS)
        live_through(app, signing_in(app, contract))
        let_go(app)

    app = app_on(_copy("told", tell), tmp_path / "told", RESIDENT_KEYS=_KEYS)
    yield app
    let_go(app)


@pytest.fixture
def told(told_app: Flask, contract: Contract) -> SignIn:
    """signing_in() at the server where all of HISTORIES has happened."""
    return signing_in(told_app, contract)

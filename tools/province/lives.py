"""The lives of the province's matters: most resolved on the spot, some for weeks with a bureau, some stuck."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import NamedTuple
from uuid import UUID

from server.domain.times import SHANGHAI, due_day_by_law
from server.domain.words import CATEGORIES, VISIT_KINDS
from tools.province.places import Province, Township, an_id

YEARS = 3
_CATEGORY_WEIGHTS = (18, 16, 7, 9, 11, 9, 6, 3, 8, 5, 6, 2)
_KIND_WEIGHTS = (30, 45, 15, 10)
_ON_THE_SPOT, _STUCK, _TO_BUREAU, _RETURNED, _ESCALATED = 0.45, 0.06, 0.4, 0.06, 0.04
_ASKED, _ANSWERED, _UNSATISFIED, _PARTLY = 0.8, 0.35, 0.06, 0.14
_PROGRESS_DAYS = 4.6
"""Days between two notes of progress: with it a matter has five events on the average."""


class Entry(NamedTuple):
    """One event of a matter, `at` in UTC, and the day it counts on."""

    id: UUID
    act: str
    at: datetime
    received: datetime
    day: date
    from_state: str | None
    to_state: str
    text: str | None = None
    unit_id: UUID | None = None
    due_day: date | None = None
    reason: str | None = None
    rating: str | None = None


@dataclass
class Life:
    """A matter with all its events, the settlements that residents were asked about, and what they answered."""

    id: UUID
    township: Township
    village: str
    category: str
    kind: str
    unit_id: UUID
    due_day: date
    entries: list[Entry] = field(default_factory=list)
    asked: list[UUID] = field(default_factory=list)
    answers: list[tuple[UUID, str, datetime, date]] = field(default_factory=list)
    beyond_power_day: date | None = None

    @property
    def raised(self) -> Entry:
        """The first event."""
        return self.entries[0]

    @property
    def state(self) -> str:
        """Where it stands."""
        return self.entries[-1].to_state


def make_lives(rng: Random, province: Province, matters: int, today: date) -> Iterator[Life]:
    """So many lives, in the order in which they were raised."""
    weights = list(accumulate(township.weight for township in province.townships))
    span = 365 * YEARS
    # More of it lately: people find the app, and it grows on them.
    days_back = sorted((int(span * (1 - rng.random() ** 0.8)) for _ in range(matters)), reverse=True)
    for back in days_back:
        township = rng.choices(province.townships, cum_weights=weights)[0]
        yield _Living(rng, township, today - timedelta(days=back), today).live()


class _Living:
    """One matter while it is lived."""

    def __init__(self, rng: Random, township: Township, raised: date, today: date) -> None:
        self._rng = rng
        self._today = today
        self._now = datetime.combine(today, time(23, 59), SHANGHAI).astimezone(UTC)
        self._day = raised
        category = rng.choices(tuple(CATEGORIES), _CATEGORY_WEIGHTS)[0]
        kind = rng.choices(tuple(VISIT_KINDS), _KIND_WEIGHTS)[0]
        village = township.villages[int(len(township.villages) * rng.random() ** 1.6)]
        id_ = an_id(rng, datetime.combine(raised, time(8), SHANGHAI))
        self._life = Life(id_, township, village, category, kind, township.home, due_day_by_law(raised))

    def live(self) -> Life:
        """All of it, up to today."""
        rng, life = self._rng, self._life
        to_bureau = rng.random() < _TO_BUREAU
        by_the_list = to_bureau and rng.random() < 0.5
        if rng.random() < _ON_THE_SPOT:
            self._add("raise", "raised", unit_id=life.unit_id, due_day=life.due_day)
            self._settle("resolve", "resolved", same_moment=True)
            return life
        if by_the_list:
            life.unit_id = life.township.bureaus[life.category]
        self._add("raise", "assigned" if by_the_list else "raised", unit_id=life.unit_id, due_day=life.due_day)
        if to_bureau and not by_the_list:
            self._assign()
        self._work(stuck=rng.random() < _STUCK)
        return life

    def _assign(self) -> None:
        self._later(0, 4)
        self._life.unit_id = self._life.township.bureaus[self._rng.choice(tuple(self._life.township.bureaus))]
        self._add("assign", "assigned", unit_id=self._life.unit_id)

    def _work(self, *, stuck: bool) -> None:
        rng, life = self._rng, self._life
        if life.state == "assigned":
            self._later(0, 3)
            if rng.random() < _RETURNED:
                life.unit_id = life.township.home
                self._add("return", "returned", text="不归本单位。", unit_id=life.unit_id, reason="not_ours")
                self._assign()
                self._later(0, 3)
            self._add("accept", "working")
        elif rng.random() < _ESCALATED:
            self._later(0, 5)
            life.beyond_power_day = self._day
            self._add("escalate", "returned", text="镇里没有这个权限。", unit_id=life.township.home)
            self._assign()
        days = 900.0 if stuck else rng.lognormvariate(2.3, 0.9)
        while days > 0 and self._day <= self._today:
            step = rng.expovariate(1 / _PROGRESS_DAYS) * (8 if stuck else 1)
            self._later(0, int(min(step, days)) + 1)
            days -= step
            self._add("progress", "working", text="已和施工队约好，材料到了就动工。")
        self._later(0, 2)
        if stuck or self._day > self._today:
            return
        end = rng.random()
        if end < 0.9:
            self._settle("resolve", "resolved")
        elif end < 0.96:
            self._settle("explain", "explained")
        elif end < 0.99:
            self._add("unachieve", "unachieved", text="找过三家单位，经费没有来源。")
        else:
            self._add("withdraw", "withdrawn", text="记错了。")

    def _settle(self, act: str, state: str, *, same_moment: bool = False) -> None:
        rng, life = self._rng, self._life
        settlement = self._add(act, state, text="塌方路段砌好挡土墙，拖拉机可以进田。", same_moment=same_moment)
        if settlement is None or rng.random() > _ASKED:
            return
        life.asked.append(settlement.id)
        if rng.random() > _ANSWERED:
            return
        self._later(0, 8)
        said = rng.random()
        value = "unsatisfied" if said < _UNSATISFIED else "partly" if said < _PARTLY else "satisfied"
        if value == "unsatisfied":
            entry = self._add("reopen", "reopened", rating=value)
        else:
            entry = self._add("confirm", "confirmed" if state == "resolved" else state, rating=value)
        if entry is None:
            return
        life.answers.append((settlement.id, value, entry.at, entry.day))
        if value == "unsatisfied":
            self._work(stuck=False)

    def _later(self, least: int, most: int) -> None:
        self._day += timedelta(days=self._rng.randint(least, most))

    def _add(
        self, act: str, state: str, *, text: str | None = None, unit_id: UUID | None = None,
        due_day: date | None = None, reason: str | None = None, rating: str | None = None, same_moment: bool = False,
    ) -> Entry | None:  # fmt: skip
        """One more event, unless it lies ahead."""
        life, rng = self._life, self._rng
        if self._day > self._today:
            return None
        before = life.entries[-1] if life.entries else None
        if same_moment and before:
            at, received = before.at, before.received
        else:
            local = datetime.combine(self._day, time(8 + int(9 * rng.random()), int(60 * rng.random())), SHANGHAI)
            at = local.astimezone(UTC)
            if before and at < before.at:
                at = before.at + timedelta(minutes=1)
            late = rng.random()
            waited = 0.01 if late < 0.8 else 4 * rng.random() if late < 0.97 else 60 * rng.random()
            received = min(at + timedelta(days=waited), self._now)
            if before and received < before.received:
                received = before.received
        entry = Entry(
            an_id(rng, at), act, at, received, self._day, before.to_state if before else None, state, text,
            unit_id, due_day, reason, rating,
        )  # fmt: skip
        life.entries.append(entry)
        return entry

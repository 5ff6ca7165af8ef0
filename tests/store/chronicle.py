"""Lives random histories (stories.py) through with the rules themselves, in the order in which the server hears of what
happened, and counts after every entry as the actions do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from server.actions.legs import refold
from server.domain.lifecycle import CLOSED_WITH_RESULT
from server.domain.matters import Standing, Step, kept_as_note, take_step
from server.domain.tallies import Period, period
from server.domain.times import Moment, due_day_by_law, shanghai_day
from server.store.tables import Event, Matter, Rating, RatingLink, Visit
from server.store.tables.columns import claimed_columns
from server.store.units import home_unit
from tests import cast
from tests.store.records import new_event, new_matter, unit_named, user_id
from tests.store.stories import EVERYBODY, Asked, Deed, Story


@dataclass(frozen=True)
class Heard:
    """One deed (None: the matter is raised) when the server hears of it."""

    received_at: datetime
    happened_at: datetime
    story: int
    deed: Deed | None


def in_order(stories: Sequence[Story]) -> list[Heard]:
    """Everything that happens, as the server hears of it; of one matter nothing overtakes what came before."""
    heard: list[Heard] = []
    for number, story in enumerate(stories):
        at, received = story.raised_at, story.raised_at + story.heard_later
        heard.append(Heard(received, at, number, None))
        for deed in story.deeds:
            at += deed.later
            received = max(received, at + deed.heard_later)
            heard.append(Heard(received, at, number, deed))
    return sorted(heard, key=lambda one: one.received_at)


class Chronicle:
    """Lets the stories happen, up to a day or to their end."""

    def __init__(self, session: Session, stories: Sequence[Story]) -> None:
        self._session = session
        self._stories = stories
        self._to_come = in_order(stories)
        self._author = user_id(session, cast.CADRE)
        self.matters: dict[int, Matter] = {}
        self.today = date(2026, 1, 31)

    def hear(self, until: date = date.max) -> None:
        """Go on to the end of that day in China."""
        while self._to_come and shanghai_day(self._to_come[0].received_at) <= until:
            heard = self._to_come.pop(0)
            self.today = max(self.today, shanghai_day(heard.received_at))
            story = self._stories[heard.story]
            moment = Moment(heard.happened_at, heard.happened_at.isoformat(), heard.happened_at, heard.received_at, 0)
            if heard.deed is None:
                self.matters[heard.story] = self._raise(story, moment)
                self._session.flush()
                refold(self._session, self.matters[heard.story], heard.received_at, "raise")
            else:
                self._live(self.matters[heard.story], heard.deed, moment)

    def period(self, asked: Asked) -> Period:
        """The period that is asked about, as of today."""
        return period(*asked.days, self.today)

    def _raise(self, story: Story, moment: Moment) -> Matter:
        visit = Visit(
            id=uuid7(), kind=story.kind, village_code=story.village, author_id=self._author, **claimed_columns(moment)
        )
        home = home_unit(self._session, story.village).id
        due = due_day_by_law(moment.day) if story.due_in is None else moment.day + timedelta(days=story.due_in)
        matter = new_matter(
            self._session, id=uuid7(), visit=visit, village_code=story.village, category=story.category,
            raised_day=moment.day, **claimed_columns(moment),
        )  # fmt: skip
        matter.standing = Standing("raised", home, due, None, None, False, None, None)
        self._session.add_all([visit, matter])
        self._session.flush()
        self._append(matter, "raise", moment, unit_id=home, due_day=due)
        if story.on_the_spot:
            step = take_step(matter.standing, "resolve", EVERYBODY, moment, on_the_spot=True)
            matter.standing = step.after
            self._append(matter, "resolve", moment)
        return matter

    def _live(self, matter: Matter, deed: Deed, moment: Moment) -> None:
        act = deed.act
        if deed.act in {"satisfied", "partly", "unsatisfied"}:
            act = self._answer(matter, deed.act, moment)
        elif deed.act in {"hold", "set aside"}:
            act = self._decide(matter, deed.act)
        elif deed.act == "correct category":
            act = "correct"
            if not self._take(matter, "correct", deed, moment).refused_because:
                matter.category = deed.category
        else:
            step = self._take(matter, deed.act, deed, moment)
            settlement = self._settlement(matter)
            if settlement and not step.refused_because and deed.act in {"invite", "resolve"}:
                self._ask(matter, settlement, moment)
        refold(self._session, matter, moment.received_at, act)

    def _take(self, matter: Matter, act: str, deed: Deed, moment: Moment) -> Step:
        home = home_unit(self._session, matter.village_code).id
        unit_id = home if act in {"return", "escalate"} else unit_named(self._session, deed.unit).id
        due = None if deed.due_in is None else matter.raised_day + timedelta(days=deed.due_in)
        into = next((other.id for other in self.matters.values() if other.id != matter.id), None)
        if act == "merge" and into is None:
            step = kept_as_note(matter.standing, "merge_into_itself")
        else:
            step = take_step(
                matter.standing, act, EVERYBODY, moment, unit_id=unit_id, due_day=due, merged_into_id=into,
                raised_day=matter.raised_day, beyond_power=act == "escalate",
            )  # fmt: skip
        matter.standing = step.after
        moves = act in {"assign", "return", "escalate"}
        dates = act in {"assign", "extend"}
        self._append(
            matter, act, moment, refused_because=step.refused_because,
            unit_id=unit_id if moves else None, due_day=due if dates else None,
        )  # fmt: skip
        return step

    def _append(self, matter: Matter, act: str, moment: Moment, **columns: object) -> Event:
        position = len(self._session.scalars(select(Event.id).where(Event.matter_id == matter.id)).all()) + 1
        said = {"position": position, "act": act, "to_state": matter.state, **claimed_columns(moment), **columns}
        event = new_event(self._session, matter.id, **said)
        self._session.add(event)
        self._session.flush()
        return event

    def _settlement(self, matter: Matter) -> Event | None:
        """The entry that settled the matter last."""
        query = select(Event).where(
            Event.matter_id == matter.id, Event.act.in_(["resolve", "explain"]), Event.refused_because.is_(None)
        )
        return self._session.scalars(query.order_by(Event.position.desc())).first()

    def _ask(self, matter: Matter, settlement: Event, moment: Moment) -> None:
        at = moment.received_at
        self._session.add(
            RatingLink(
                id=uuid7(),
                matter_id=matter.id,
                event_id=settlement.id,
                code_hash=uuid7().hex,
                made_at=at,
                expires_at=at,
            )
        )

    def _answer(self, matter: Matter, value: str, moment: Moment) -> str:
        """The resident says it, at the moment at which the server hears it; the first time, or anew."""
        settlement = self._settlement(matter)
        if settlement is None or matter.state not in CLOSED_WITH_RESULT | {"reopened"}:
            return "confirm"
        said = Moment(moment.received_at, moment.happened_local, moment.received_at, moment.received_at, 0)
        rating = self._rating(settlement)
        if rating is None:
            rating = Rating(
                id=uuid7(), matter_id=matter.id, event_id=settlement.id, source="link", rated_at=said.happened_at,
                rated_day=said.day, held=False,
            )  # fmt: skip
        rating.value = value
        self._session.add(rating)
        act = "reopen" if value == "unsatisfied" else "confirm"
        step = take_step(matter.standing, act, {"resident"}, said, raised_day=matter.raised_day)
        matter.standing = step.after
        self._append(matter, act, said, refused_because=step.refused_because, rating=value, actor_id=None)
        return act

    def _decide(self, matter: Matter, what: str) -> str:
        settlement = self._settlement(matter)
        rating = self._rating(settlement) if settlement else None
        if rating and what == "hold":
            rating.held = not rating.held
        elif rating:
            rating.set_aside_reason, rating.set_aside_text = "unreasonable", "要求与本村无关"
        return "rating"

    def _rating(self, settlement: Event) -> Rating | None:
        return self._session.scalars(select(Rating).where(Rating.event_id == settlement.id)).first()


def unit_id_of(session: Session, asked: Asked) -> UUID | None:
    """The unit to which the question is narrowed."""
    return unit_named(session, asked.unit).id if asked.unit else None

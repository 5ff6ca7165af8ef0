"""Random histories of matters, for hypothesis: each is lived through with the rules themselves."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st
from sqlalchemy.orm import Session
from uuid6 import uuid7

from server.domain.lifecycle import TABLE
from server.domain.matters import Standing, take_step
from server.domain.tallies import Period, period
from server.domain.times import Moment, due_day_by_law
from server.store.tables import Matter
from server.store.tables.columns import claimed_columns
from server.store.units import home_unit
from tests import cast
from tests.store.records import new_matter, unit_named

VILLAGES = (cast.VILLAGE, cast.SHARED_VILLAGE, cast.OTHER_VILLAGE, "430581106201")
AREAS = ("430000000000", cast.COUNTY, cast.TOWNSHIP, cast.NEIGHBOUR_TOWNSHIP, cast.VILLAGE, cast.SHARED_VILLAGE)
CATEGORIES = ("road", "water", "other")
UNITS = (cast.BUREAU, cast.OTHER_BUREAU)
EVERYBODY = {relation for row in TABLE for relation in row.by}
"""With every relation at once nothing is not_allowed; what comes too late is kept as a note."""

DAYS = st.dates(date(2026, 2, 15), date(2026, 3, 15))
"""Few enough that what is asked about often falls on the very day on which something happened."""


@dataclass(frozen=True)
class Deed:
    """One act in a matter's life, some time after the one before."""

    act: str
    later: timedelta
    unit: str
    due_in: int | None


@dataclass(frozen=True)
class Story:
    """A matter's life."""

    village: str
    category: str
    raised_at: datetime
    due_in: int | None
    on_the_spot: bool
    deeds: list[Deed]


@dataclass(frozen=True)
class Asked:
    """What a leader asks: an area, a period, and how the list behind a number is narrowed and paged."""

    area_code: str
    when: Period
    category: str | None
    unit: str | None
    limit: int


_LATER = st.one_of(
    st.timedeltas(timedelta(), timedelta(days=15)),
    st.integers(0, 15).map(lambda days: timedelta(days=days)),  # many things on one and the same hour
)
_DUE_IN = st.none() | st.integers(0, 20)
_DEEDS = st.builds(
    Deed,
    st.sampled_from(sorted({row.act for row in TABLE})),
    _LATER,
    st.sampled_from(UNITS),
    _DUE_IN,
)
_RAISED_AT = st.one_of(
    st.datetimes(datetime(2026, 2, 10), datetime(2026, 3, 12), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from([datetime(2026, 2, 28, hour, tzinfo=UTC) for hour in (15, 16)]),  # around midnight in China
)
STORIES = st.builds(
    Story,
    st.sampled_from(VILLAGES),
    st.sampled_from(CATEGORIES),
    _RAISED_AT,
    _DUE_IN,
    st.booleans(),
    st.lists(_DEEDS, max_size=6),
)
QUESTIONS = st.builds(
    Asked,
    st.sampled_from(AREAS),
    st.builds(lambda days, today: period(min(days), max(days), today), st.tuples(DAYS, DAYS), DAYS),
    st.none() | st.sampled_from(CATEGORIES),
    st.none() | st.sampled_from(UNITS),
    st.integers(2, 9),
)


def live_through(session: Session, story: Story, other: UUID) -> Matter:
    """The matter as it stands after its life; it is merged into `other`, if it is. Not yet added."""
    moment = _moment(story.raised_at)
    due = _day_after(moment, story.due_in) or due_day_by_law(moment.day)
    standing = Standing("raised", home_unit(session, story.village).id, due, None, None, False, None, None)
    if story.on_the_spot:
        standing = take_step(standing, "resolve", EVERYBODY, moment, on_the_spot=True).after
    at = story.raised_at
    for deed in story.deeds:
        at += deed.later
        standing = take_step(
            standing,
            deed.act,
            EVERYBODY,
            _moment(at),
            unit_id=unit_named(session, deed.unit).id,
            due_day=_day_after(moment, deed.due_in),
            merged_into_id=other,
        ).after
    matter = new_matter(
        session,
        id=uuid7(),
        village_code=story.village,
        category=story.category,
        raised_day=moment.day,
        **claimed_columns(moment),
    )
    matter.standing = standing
    return matter


def _moment(at: datetime) -> Moment:
    return Moment(at, at.isoformat(), at, at, 0)


def _day_after(moment: Moment, days: int | None) -> date | None:
    return None if days is None else moment.day + timedelta(days=days)

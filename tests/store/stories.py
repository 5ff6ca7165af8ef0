"""Random histories of matters, for hypothesis, and what may be asked about them; chronicle.py lives them through."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from server.domain.lifecycle import TABLE
from server.domain.words import VISIT_KINDS
from tests import cast

VILLAGES = (cast.VILLAGE, cast.SHARED_VILLAGE, cast.OTHER_VILLAGE, "430581106201")
AREAS = (
    "430000000000", "430500000000", cast.COUNTY, cast.TOWNSHIP, cast.NEIGHBOUR_TOWNSHIP, cast.VILLAGE,
    cast.SHARED_VILLAGE,
)  # fmt: skip
CATEGORIES = ("road", "water", "other")
UNITS = (cast.BUREAU, cast.OTHER_BUREAU)
EVERYBODY = {relation for row in TABLE for relation in row.by} - {"resident"}
"""With every relation at once nothing is not_allowed; what comes too late is kept as a note."""

ACTS = sorted({row.act for row in TABLE} - {"confirm", "correct"})
NOT_ACTS = ("correct category", "satisfied", "partly", "unsatisfied", "hold", "set aside")
"""What else happens to a matter: a correction, and what becomes of a resident's answer."""

DAYS = st.dates(date(2025, 12, 1), date(2026, 4, 10))
"""Few enough that what is asked about often falls on the very day on which something happened."""


@dataclass(frozen=True)
class Deed:
    """Something that happens in a matter's life, some time after what came before; the server hears of it later."""

    act: str
    later: timedelta
    heard_later: timedelta
    unit: str
    category: str
    due_in: int | None


@dataclass(frozen=True)
class Story:
    """A matter's life."""

    village: str
    category: str
    kind: str
    raised_at: datetime
    heard_later: timedelta
    due_in: int | None
    on_the_spot: bool
    deeds: list[Deed]


@dataclass(frozen=True)
class Asked:
    """What a leader asks: an area, a period, and how the list behind a number is narrowed and paged."""

    area_code: str
    days: tuple[date, date]
    category: str | None
    kind: str | None
    unit: str | None
    limit: int


_LATER = st.one_of(
    st.timedeltas(timedelta(), timedelta(days=25)),
    st.integers(0, 25).map(lambda days: timedelta(days=days)),  # many things on one and the same hour
)
_HEARD = st.one_of(st.just(timedelta(minutes=1)), st.integers(0, 40).map(lambda days: timedelta(days=days)))
_DUE_IN = st.none() | st.integers(0, 30)
_DEEDS = st.builds(
    Deed,
    st.sampled_from([*ACTS, *NOT_ACTS, "assign", "resolve", "reopen"]),
    _LATER,
    _HEARD,
    st.sampled_from(UNITS),
    st.sampled_from(CATEGORIES),
    _DUE_IN,
)
_RAISED_AT = st.one_of(
    st.datetimes(datetime(2025, 12, 1), datetime(2026, 3, 20), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from([datetime(2026, 2, 28, hour, tzinfo=UTC) for hour in (15, 16)]),  # around midnight in China
)
STORIES = st.builds(
    Story,
    st.sampled_from(VILLAGES),
    st.sampled_from(CATEGORIES),
    st.sampled_from(sorted(VISIT_KINDS)),
    _RAISED_AT,
    _HEARD,
    _DUE_IN,
    st.booleans(),
    st.lists(_DEEDS, max_size=6),
)
_WHOLE_MONTHS = st.sampled_from(
    [
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2025, 1, 1), date(2025, 12, 31)),
    ]
)
QUESTIONS = st.builds(
    Asked,
    st.sampled_from(AREAS),
    st.tuples(DAYS, DAYS).map(lambda days: (min(days), max(days))) | _WHOLE_MONTHS,
    st.none() | st.sampled_from(CATEGORIES),
    st.none() | st.sampled_from(sorted(VISIT_KINDS)),
    st.none() | st.sampled_from(UNITS),
    st.integers(2, 9),
)

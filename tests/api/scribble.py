"""Anything at all, for hypothesis: JSON that nobody meant, sound requests with a few values spoiled, odd questions."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from server.domain.tallies import MEASURES
from server.domain.words import CATEGORIES
from tests import cast
from tests.api.bad_mutations import BIDI

_SIGNS = st.characters() | st.sampled_from([*BIDI, "\0", "\ufeff", "\ud800", "💡", "路", "\uffff"])
"""Lone halves of surrogate pairs included, which JSON can spell and UTF-8 cannot."""

_WORDS = st.sampled_from(
    [
        "visit.record", "matter.act", "matter.correct", "resolve", "assign", "merge", "correct", "raise", "water",
        cast.VILLAGE, cast.TOWNSHIP, "430581106201", "2026-02-28", "2026-02-28T10:00:00+08:00", "1900-01-01T00:00:00Z",
        "01a20f07-12e7-71f3-9135-e04bed61f03c", "00000000-0000-4000-8000-000000000000", "id", "args", "matters",
    ]
)  # fmt: skip
_NUMBERS = st.integers() | st.floats() | st.sampled_from([0, -1, 2**31, 2**53, 2**53 + 1, 2**63, 2**64, 10**400])
_TEXTS = st.text(_SIGNS, max_size=20) | _WORDS
SCRIBBLE = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=12,
)
BODIES = st.binary(max_size=60) | SCRIBBLE.map(lambda anything: json.dumps(anything).encode())


def _places(value: Any) -> Iterator[Any]:
    """Every object and list in `value`, itself included."""
    if isinstance(value, dict | list):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _places(inner)


@st.composite
def spoiled_body(draw: st.DrawFn, sound: Callable[[], dict[str, Any]]) -> bytes:
    """The JSON of what `sound` makes (each time with new ids, or it would only be a repeat), with
    up to three values dropped, replaced or added somewhere."""
    body = deepcopy(sound())
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.sampled_from(list(_places(body))))
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        deed = draw(st.sampled_from(["add", *(["drop", "replace", "replace"] if keys else [])]))
        if deed == "add":
            if isinstance(place, dict):
                place[draw(_TEXTS)] = draw(SCRIBBLE)
            else:
                place.append(draw(SCRIBBLE))
        elif deed == "drop":
            del place[draw(st.sampled_from(keys))]
        else:
            place[draw(st.sampled_from(keys))] = draw(SCRIBBLE)
    return json.dumps(body).encode()


_SENSE = {
    "area_code": (cast.TOWNSHIP, cast.VILLAGE, cast.COUNTY, ""),
    "from": ("2026-01-01", "2026-02-28", "1900-01-01"),
    "to": ("2026-01-31", "2200-12-31"),
    "measure": tuple(MEASURES),
    "category": tuple(CATEGORIES),
    "unit_id": ("01a20f07-12e7-71f3-9135-e04bed61f03c",),
    "after": ("2026-01-31~01a20f07-12e7-71f3-9135-e04bed61f03c", "~", "0001-01-01~0"),
}
_ODD = st.text(max_size=12).map(str.encode) | st.binary(max_size=12)


@st.composite
def questions(draw: st.DrawFn) -> list[tuple[bytes, bytes]]:
    """The parts of a query string: mostly known names, with values that make sense more often than not."""
    names = [*draw(st.lists(st.sampled_from(sorted(_SENSE)), max_size=3)), "from", "to", "measure"]
    pairs = [(name.encode(), draw(st.sampled_from(_SENSE[name]).map(str.encode))) for name in names]
    for _ in range(draw(st.integers(0, 2))):
        pair = (draw(_ODD | st.sampled_from(sorted(_SENSE)).map(str.encode)), draw(_ODD))
        pairs.insert(draw(st.integers(0, len(pairs))), pair)
    return draw(st.permutations(pairs))

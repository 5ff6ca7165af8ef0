"""Requests that are wrong as a whole, each with one thing wrong, and the refusal that belongs to it."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from tests import cast
from tests.api.bad_mutations import HUNDRED_THOUSAND
from tests.api.mutations import Json, new_id, push_of, visit
from tests.api.test_error_shape import json_of

Case = tuple[Json, str, str | None]
"""A body, and the code and field of its refusal."""

Values = tuple[tuple[str, str, tuple[Any, ...]], ...]
"""A field, a code, and the values of the field that are refused with it."""

NOT_JSON: dict[str, dict[str, Any]] = {
    "broken": json_of('{"device_id": "'),
    "two in a row": json_of("{}{}"),
    "nothing": json_of(""),
    "NUL": json_of("\0"),
    "NUL inside a text": json_of('{"device_id": "\0"}'),
    "single quotes": json_of("{'device_id': 1}"),
    "NaN": json_of('{"device_id": NaN}'),
    "Infinity": json_of('{"device_id": -Infinity}'),
    "a number beyond all bounds": json_of('{"device_id": 1e999}'),
    "half a surrogate pair": json_of('{"device_id": "\\ud83d"}'),
    "the halves the wrong way round": json_of('{"device_id": "\\udca1\\ud83d"}'),
    "half a surrogate pair, raw": json_of(b'{"device_id": "\xed\xa0\xbd"}'),
    "half a surrogate pair as a name": json_of('{"\\ud83d": 1}'),
    "not UTF-8": json_of('{"device_id": "路灯"}'.encode("gbk")),
    "UTF-16": json_of("{}".encode("utf-16")),
    "a byte order mark": json_of("\ufeff{}"),
    "nested without end": json_of('{"device_id": ' + "[" * 100_000 + "]" * 100_000 + "}"),
    "nested objects": json_of('{"a":' * 50_000 + "1" + "}" * 50_000),
    "plain text": json_of("{}", "text/plain"),
    "a form": json_of("device_id=1", "application/x-www-form-urlencoded"),
    "a file": {"data": {"device_id": "1"}, "content_type": "multipart/form-data"},
    "no type": {"data": b"{}"},
    "a made-up type": json_of("{}", "application/json5"),
}

_V4 = str(uuid4())
_PUSH: Values = (
    ("device_id", "id_invalid", ("", "1", 7, [], _V4, "\0")),
    ("device_id", "field_required", (None,)),
    ("sent_at", "time_invalid", ("2026-11-24T09:30:00", "now", "", 0, {})),
    ("mutations", "invalid", (5, "visit", {}, {"0": visit()}, [], [visit() for _ in range(101)])),
    ("extra", "field_unknown", (1,)),
)
_MUTATION: Values = (
    ("id", "id_invalid", ("1", 7, _V4, HUNDRED_THOUSAND)),
    ("made_at", "time_invalid", ("2026-11-24T09:30", "", 5)),
    ("name", "mutation_unknown", ("", "Visit", "visit.record\n", "下访", "visit\0", "x" * 33, "x" * 100_000, "💡")),
    ("name", "invalid", (5, [], {})),
    ("args", "invalid", (5, "{}", [], True)),
    ("extra", "field_unknown", (1,)),
)
_PULL: Values = (
    ("device_id", "id_invalid", (_V4,)),
    ("access_version", "invalid", (-1, 2**53 + 1, 1e300, 0.5, "x", [])),
    ("cursors", "invalid", (5, "x", {}, [{"scope": str(number), "version": 0} for number in range(201)])),
    ("extra", "field_unknown", (1,)),
)
_CURSOR: Values = (
    ("version", "invalid", (-1, 2**53 + 1, 1e300, 0.5, "x", {})),
    ("scope", "invalid", (5, [], {})),
    ("extra", "field_unknown", (1,)),
)


def without(body: Json, *names: str) -> Json:
    return {key: value for key, value in body.items() if key not in names}


def _cases(sound: Json, values: Values, prefix: str = "") -> Iterator[Case]:
    for name, code, bad in values:
        for value in bad:
            yield {**sound, name: value}, code, f"{prefix}{name}"


def bad_pushes() -> Iterator[Case]:
    """Without an id there is no receipt to give, and without a name nothing to keep it under."""
    sound = push_of(new_id(), visit())
    yield from _cases(sound, _PUSH)
    for name in sound:
        yield without(sound, name), "field_required", name
    for mutation, code, field in _cases(visit(), _MUTATION, "mutations.1."):
        yield {**sound, "mutations": [visit(), mutation]}, code, field
    for name in ("id", "made_at", "name", "args"):
        yield {**sound, "mutations": [without(visit(), name)]}, "field_required", f"mutations.0.{name}"
        yield {**sound, "mutations": [{**visit(), name: None}]}, "field_required", f"mutations.0.{name}"
    yield {**sound, "mutations": [visit(), None]}, "field_required", "mutations.1"
    no_mutations: tuple[Any, ...] = (5, "visit", [])
    for value in no_mutations:
        yield {**sound, "mutations": [visit(), value]}, "invalid", "mutations.1"
    for made_up in ("经纬度", "x" * 100_000, "<b>"):  # is not given back
        yield {**sound, made_up: 1}, "field_unknown", None
        yield {**sound, "mutations": [{**visit(), made_up: 1}]}, "field_unknown", None


def bad_pulls() -> Iterator[Case]:
    sound: Json = {"device_id": new_id(), "access_version": 1, "cursors": []}
    yield from _cases(sound, _PULL)
    for name in sound:
        yield without(sound, name), "field_required", name
    cursor: Json = {"scope": f"area:{cast.TOWNSHIP}", "version": 0}
    for wrong, code, field in _cases(cursor, _CURSOR, "cursors.0."):
        yield {**sound, "cursors": [wrong]}, code, field
    for name in cursor:
        yield {**sound, "cursors": [without(cursor, name)]}, "field_required", f"cursors.0.{name}"
        yield {**sound, "cursors": [{**cursor, name: None}]}, "field_required", f"cursors.0.{name}"
    yield {**sound, "cursors": [None]}, "field_required", "cursors.0"
    yield {**sound, "cursors": [5]}, "invalid", "cursors.0"


Questions = dict[str, tuple[str, tuple[str, ...]]]
"""By the parameter: the code, and values that are refused with it."""

_ID = "01a20f07-12e7-71f3-9135-e04bed61f03c"
QUERIES: Questions = {
    "from": ("day_invalid", ("", "2026", "2026-02-30", "01/02/2026", "1899-12-31", "2201-01-01", "\0", "今天",
                            "2026-1-1", "２０２６-01-01", "2026-01-01\0")),
    "to": ("day_invalid", ("", "2026-13-01", "2026-01-01T00:00:00", "20260101", "2026-01-1", "-1", "9" * 100_000)),
    "area_code": (
        "area_not_found",
        ("", "邓家铺", "43058110500", "4305811050000", "999999999999", "430581105999", "430581105000\0", "x" * 100_000,
         cast.COUNTY, cast.NEIGHBOUR_TOWNSHIP, "430581106201", "430000000000", "000000000000"),
    ),
}  # fmt: skip
LIST_QUERIES: Questions = {
    "measure": ("choice_invalid", ("", "visits", "raised ", "新增", "\0", "x" * 100_000)),
    "category": ("choice_invalid", ("", "roads", "道路交通", "\0")),
    "unit_id": ("id_invalid", ("", "1", "\0", "交通运输局", "0" * 33)),
    "after": (
        "invalid",
        ("", "~", "2026-01-01", "2026-01-01~", "2026-01-01~1", f"2026-02-30~{_ID}", f"~{_ID}", f"2026-01-01~~{_ID}x",
         f"20260101~{_ID}", f"2026-1-1~{_ID}", f"2026-01-01~{_ID}\0", f"2026-01-01~{{{_ID}}}", f"2026-W01-1~{_ID}",
         "\0", "1", "💡"),
    ),
}  # fmt: skip

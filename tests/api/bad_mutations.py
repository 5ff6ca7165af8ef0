"""Mutations that must be refused, each with one thing wrong, and the refusal that belongs to it."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.api.mutations import CLOCK, Json, act, correct, new_id, new_matter, resolved_on_the_spot, told_in_full, visit

HUNDRED_THOUSAND = "长" * 100_000
DROPPED = object()
"""In place of a value: the field is left out."""

BIDI = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks that turn the direction of what follows: a name could be made to read as another."""


@dataclass(frozen=True)
class Bad:
    """A mutation, and the code and field of its refusal."""

    mutation: Json
    code: str
    field: str | None


def spoiled(mutation: Json, path: str, value: object) -> Json:
    """A copy with another value at a path of the arguments (`matters.0.title`), and an id of its own."""
    copy = {**deepcopy(mutation), "id": new_id()}
    place: Any = copy["args"]
    *way, last = path.split(".")
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    if value is DROPPED:
        del place[last]
    elif isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value
    return copy


def sound_mutations(matter_id: str, unit_id: str) -> dict[str, Json]:
    """One of each kind with every argument filled in: each would be applied if nothing were wrong with it."""
    full = told_in_full(resolved=resolved_on_the_spot())
    return {
        "visit": visit(new_matter(), full, note="顺路看了两户"),
        "progress": act(matter_id, "progress"),
        "assign": act(
            matter_id, "assign", unit_id=unit_id, due_day=(datetime.now(CLOCK) + timedelta(days=30)).date().isoformat()
        ),
        "correct": correct(matter_id, title="路灯坏了", detail=None, resident_name="龙桂", category="road"),
    }


Places = dict[str, tuple[str, ...]]
"""Paths by the kind of mutation."""

TEXTS: Places = {
    "visit": ("note", "matters.1.title", "matters.1.detail", "matters.1.resident.name", "matters.1.resolved.text"),
    "progress": ("text",),
    "correct": ("text", "changes.title", "changes.detail", "changes.resident_name"),
}
PHONES: Places = {"visit": ("matters.1.resident.phone",), "correct": ("changes.resident_phone",)}
REQUIRED_TEXTS: Places = {"visit": ("matters.1.title", "matters.1.resolved.text"), "correct": ("changes.title",)}
NEW_IDS: Places = {
    "visit": ("id", "matters.1.id", "matters.1.raised_event_id", "matters.1.resolved.event_id"),
    "progress": ("event_id",),
    "correct": ("event_id",),
}
KNOWN_IDS: Places = {
    "progress": ("matter_id",),
    "assign": ("matter_id", "unit_id", "into_id"),
    "correct": ("matter_id",),
}
CHOICES: Places = {"visit": ("kind", "matters.1.category"), "progress": ("act",), "correct": ("changes.category",)}
TIMES: Places = {"visit": ("happened_at",), "progress": ("happened_at",), "correct": ("happened_at",)}
DAYS: Places = {"assign": ("due_day",)}
VILLAGES: Places = {"visit": ("village_code",)}
OBJECTS: Places = {
    "visit": ("", "matters.1.", "matters.1.resident.", "matters.1.resolved."),
    "progress": ("",),
    "correct": ("", "changes."),
}
NOT_TEXT: tuple[Any, ...] = (5, 1.5, True, ["字"], {"文": "字"})

WRONG: tuple[tuple[Places, str, tuple[Any, ...]], ...] = (
    (TEXTS, "text_too_long", ("x" * 100_000,)),
    (TEXTS, "text_bad_character", ("路灯\0不亮", *(f"路灯{mark}不亮" for mark in BIDI), "\ufeff路灯", "路\x1b[31m灯")),
    (TEXTS, "invalid", NOT_TEXT),
    (REQUIRED_TEXTS, "field_required", (None, "", " \n\t\u3000")),
    (PHONES, "text_too_long", ("1" * 100_000, "1" * 21)),
    (PHONES, "phone_invalid", ("手机", "O739", "１３９０７", "139/0739", "139\n0739")),
    (PHONES, "text_bad_character", ("139\0", "139\u202e0739")),
    (PHONES, "invalid", NOT_TEXT),
    (NEW_IDS, "id_invalid", ("", "1", 7, True, [], "z" * 36, str(uuid4()), "00000000-0000-0000-0000-000000000000")),
    (NEW_IDS, "field_required", (None, DROPPED)),
    (KNOWN_IDS, "id_invalid", ("", "1", 7, {}, "' OR 1=1", "\0")),
    (CHOICES, "choice_invalid", ("", "sightseeing", "现场办公", "onsite ", 1, [], True, "x" * 100_000, "\0", "💡")),
    (CHOICES, "field_required", (None,)),
    (TIMES, "time_too_early", ("1900-01-01T00:00:00+08:00", "1970-01-01T08:00:00+08:00", "1999-12-31T23:59:59+08:00")),
    (TIMES, "time_in_future", ("2100-01-01T00:00:00+08:00", "9998-01-01T00:00:00+08:00")),
    (
        TIMES,
        "time_invalid",
        (
            "2026-11-24T09:30:00",  # no offset
            "2026-11-24", "2026-02-30T09:30:00+08:00", "2026-11-24T25:00:00+08:00", "2026-11-24T09:30:00+16:00",
            "2026-11-24T09:30:00+99:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "T", "", "昨天",
            1764000000, True, [], {}, "2026-11-24T09:30:00+08:00\0x", "2026-11-24T09:30:00+08:00\0", "T" * 100_000,
            "2026-11-24T9:30:00+08:00", "20261124T093000+08:00", "2026-W48-2T09:30:00+08:00", "2026-11-24T09+08:00",
            "２０２６-11-24T09:30:00+08:00", "2026-11-24T09:30:00 +08:00", "2026-11-24T09:30:00+08:00\n",
        ),
    ),
    (TIMES, "field_required", (None, DROPPED)),
    (
        DAYS,
        "day_invalid",
        (
            "1899-12-31", "2201-01-01", "2026-02-30", "2026-12-01T00:00:00+08:00", "", "明天", 5, [], "2026-12-1",
            "20261201", "２０２６-12-01", "2026-12-０1", " 2026-12-01", "2026-12-01\n", "2026-12-01\0",
        ),
    ),
    (
        VILLAGES,
        "village_unknown",
        ("430581105999", "999999999999", "430581105000", "43058110520", "4305811052033", "扶峰", "", 430581105203,
         "４３０５８１１０５２０３", "430581105203\n", "430581105203\0", []),
    ),
    (VILLAGES, "village_not_allowed", ("430581106201",)),
    (VILLAGES, "field_required", (None, DROPPED)),
)  # fmt: skip


def _each_value(sound: dict[str, Json]) -> Iterator[tuple[str, Bad]]:
    for places, code, values in WRONG:
        for kind, paths in places.items():
            for path in paths:
                for value in values:
                    name = f"{kind} {path}: {code} {str(value)[:40]!r}"
                    yield name, Bad(spoiled(sound[kind], path, value), code, path)


def _unknown_fields(sound: dict[str, Json]) -> Iterator[tuple[str, Bad]]:
    for kind, paths in OBJECTS.items():
        for path in paths:
            yield (
                f"{kind} {path}: a stranger",
                Bad(spoiled(sound[kind], f"{path}gps", 1), "field_unknown", f"{path}gps"),
            )
            # What a stranger made up as a name is not given back.
            for made_up in ("照片", "a\0", "<b>", "x" * 100_000):
                yield (
                    f"{kind} {path}: {made_up[:9]!r}",
                    Bad(spoiled(sound[kind], f"{path}{made_up}", 1), "field_unknown", None),
                )


_WRONG_IN_A_VISIT: tuple[tuple[str, str, tuple[Any, ...]], ...] = (
    ("matters", "invalid", (5, "matters", {}, True)),
    ("matters", "field_required", (None, DROPPED)),
    ("matters", "too_many_matters", ([new_matter() for _ in range(21)],)),
    ("matters.1", "invalid", (5, "matter", [])),
    ("matters.1", "field_required", (None,)),
    ("matters.1.resident", "invalid", (5, "龙桂香", [])),
    ("matters.1.resolved", "invalid", (5, "修好了", [])),
)


def _of_a_visit(sound: Json) -> Iterator[tuple[str, Bad]]:
    first, second = sound["args"]["matters"]
    for path, code, values in _WRONG_IN_A_VISIT:
        for value in values:
            yield f"{path}: {str(value)[:20]!r}", Bad(spoiled(sound, path, value), code, path)
    for path, taken in (
        ("matters.1.id", first["id"]),
        ("matters.1.raised_event_id", first["raised_event_id"]),
        ("matters.1.resolved.event_id", first["raised_event_id"]),
        ("matters.1.resolved.event_id", second["raised_event_id"]),
    ):
        yield f"{path}, twice in one visit: {taken}", Bad(spoiled(sound, path, taken), "id_taken", path)


def bad_mutations(sound: dict[str, Json]) -> dict[str, Bad]:
    """All of them, by what is wrong."""
    found = [*_each_value(sound), *_unknown_fields(sound), *_of_a_visit(sound["visit"])]
    progress, assign, fix = sound["progress"], sound["assign"], sound["correct"]
    matter_id = progress["args"]["matter_id"]
    more = {
        "a mutation that nobody knows": Bad({**visit(), "name": "visit.rank"}, "mutation_unknown", "name"),
        "an act that has a mutation of its own": Bad(spoiled(progress, "act", "correct"), "choice_invalid", "act"),
        "an act that the resident alone may do": Bad(spoiled(progress, "act", "confirm"), "not_allowed", "act"),
        "progress that says nothing": Bad(spoiled(progress, "text", "  "), "act_incomplete", "text"),
        "assigned to nobody": Bad(spoiled(assign, "unit_id", None), "act_incomplete", "unit_id"),
        "assigned to a unit that is not there": Bad(spoiled(assign, "unit_id", new_id()), "unit_unknown", "unit_id"),
        "a matter that is not there": Bad(spoiled(progress, "matter_id", new_id()), "matter_not_found", "matter_id"),
        "a correction of nothing": Bad(spoiled(fix, "changes", {}), "nothing_changed", "changes"),
        "a correction without changes": Bad(spoiled(fix, "changes", DROPPED), "field_required", "changes"),
        "a correction that is null": Bad(spoiled(fix, "changes", None), "field_required", "changes"),
        "a correction that is a list": Bad(spoiled(fix, "changes", []), "invalid", "changes"),
        "merged into itself": Bad(act(matter_id, "merge", into_id=matter_id), "merge_into_itself", "into_id"),
        "merged into nothing": Bad(act(matter_id, "merge"), "act_incomplete", "into_id"),
        "merged into what is not there": Bad(act(matter_id, "merge", into_id=new_id()), "matter_not_found", "into_id"),
    }  # fmt: skip
    assert len(dict(found)) == len(found), "two cases have one name"
    return {**dict(found), **more}

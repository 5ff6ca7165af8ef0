"""What phones send, as builders: everything is in order unless a test says otherwise."""

import secrets
from datetime import datetime, timedelta, timezone
from typing import Any

from uuid6 import uuid7

from tests import cast
from tests.harness.caller import mutation

Json = dict[str, Any]

CLOCK = timezone(timedelta(hours=8))
"""What phones in China show."""

TITLE = "后山水管破裂三天"
DETAIL = "十七户吃水要到河边去挑"
RESIDENT = {"name": "龙桂香", "phone": "13907390001"}
PERSONAL = tuple(RESIDENT.values())
RECORD = (TITLE, DETAIL)


def new_id() -> str:
    """An id as a phone makes it."""
    return str(uuid7())


def now() -> str:
    """The phone's clock."""
    return datetime.now(CLOCK).isoformat(timespec="milliseconds")


def hours_ago(hours: float) -> str:
    return (datetime.now(CLOCK) - timedelta(hours=hours)).isoformat(timespec="milliseconds")


def noon(day: str) -> str:
    """Noon in China on a day YYYY-MM-DD."""
    return f"{day}T12:00:00.000+08:00"


def push_of(device_id: str, *mutations: Json, **more: Any) -> Json:
    """The body of a push."""
    return {"device_id": device_id, "sent_at": now(), "mutations": list(mutations), **more}


def new_matter(**more: Any) -> Json:
    """A matter of a visit, still to do."""
    return {"id": new_id(), "raised_event_id": new_id(), "title": "路灯不亮", "category": "power", **more}


def told_in_full(**more: Any) -> Json:
    """A matter with everything that must not be seen by just anybody."""
    return new_matter(title=TITLE, detail=DETAIL, category="water", resident=RESIDENT, **more)


def resolved_on_the_spot(text: str = "当场换好了灯泡") -> Json:
    """What makes a new matter 现场办结."""
    return {"event_id": new_id(), "text": text}


def visit(*matters: Json, **more: Any) -> Json:
    """`visit.record` in VILLAGE, now."""
    args = {"id": new_id(), "kind": "onsite", "village_code": cast.VILLAGE, "happened_at": now()}
    return mutation("visit.record", {**args, "matters": list(matters), **more})


def act(matter_id: str, what: str, **more: Any) -> Json:
    """`matter.act`, with a text where the act may have one, and what `return` and `invite` need beside it."""
    args = {"event_id": new_id(), "matter_id": matter_id, "act": what, "happened_at": now()}
    needs: dict[str, Json] = {
        "return": {"reason": "not_ours"},
        "invite": {"rating_code": rating_code(), "text": None},
    }
    needed = needs.get(what, {})
    return mutation("matter.act", {**args, "text": "已到现场看过", **needed, **more})


def rating_code() -> str:
    """A code as a phone makes it: 16 random bytes."""
    return secrets.token_urlsafe(16)


def correct(matter_id: str, *, seen: dict[str, str | None] | None = None, **changes: str | None) -> Json:
    """`matter.correct`; `seen`: what stood there on the phone."""
    said = {"event_id": new_id(), "matter_id": matter_id, "happened_at": now(), "changes": changes}
    return mutation("matter.correct", said if seen is None else {**said, "seen": seen})

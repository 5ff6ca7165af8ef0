"""The resident's word (群众评价): what it does to a matter, until when it may be given and changed, and which
ratings a leader looks at before they count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from server.domain.lifecycle import VOID_STATES
from server.domain.refusals import Refusal
from server.domain.times import SHANGHAI, Moment
from server.domain.words import LIMITS

LINK_LASTS = timedelta(days=LIMITS["rating_link_days"])
"""From when the server heard of the link: then it is in nobody's chat or waste paper as a key any more."""

MAY_CHANGE_FOR = timedelta(days=7)

BURST = 5
BURST_WITHIN = timedelta(minutes=60)
"""More ratings than BURST from one address within this time are kept out of the tally until a leader looks: a
village behind one address is possible, and so is an office that rates its own work."""

SETTLING = frozenset({"resolve", "explain"})
"""What a resident can be asked about."""

_TURNING = SETTLING | {"unachieve", "reopen"}
"""Acts after which an earlier settlement is no longer what the matter stands on."""

ACTS = {"satisfied": "confirm", "partly": "confirm", "unsatisfied": "reopen"}

ENTRIES = {"satisfied": "群众满意", "partly": "群众基本满意", "unsatisfied": "群众不满意"}
"""What the history says. The resident's own sentence may name people: it is kept apart, encrypted (P6)."""


LISTS = ("held", "unsatisfied", "set_aside", "all")
"""What a leader looks through: those of a burst that wait for him, the unsatisfied that count, those set aside."""

DECISIONS = ("count", "set_aside")

NOT_DECIDED_BECAUSE = ("own_work", "leader_above_decides")
"""Refusals that say why a leader who reads a rating does not decide about it."""


@dataclass(frozen=True)
class Answer:
    """What a resident said, by his link or when called back (`source`), at `given_at` (UTC). `address_hash`: a keyed
    hash of where it came from."""

    value: str
    comment: str | None
    source: str
    given_at: datetime
    address_hash: str | None = None
    rated_here: bool = False
    """By link: the browser is that from which it was rated before."""


class Entry(Protocol):
    """What these rules need to know of an event."""

    @property
    def id(self) -> UUID: ...
    @property
    def act(self) -> str: ...
    @property
    def actor_id(self) -> UUID | None: ...
    @property
    def refused_because(self) -> str | None: ...


class Given(Protocol):
    """What these rules need to know of a rating that was given."""

    @property
    def rated_at(self) -> datetime: ...
    @property
    def source(self) -> str: ...
    @property
    def counts(self) -> bool: ...


def settlement_of(history: Sequence[Entry]) -> UUID | None:
    """The entry that settled a matter and that it still stands on, for whom to ask about; None while there is none.
    `history` is in the server's order. What the resident himself reopened he may still take back."""
    standing: UUID | None = None
    for entry in history:
        if entry.refused_because or entry.act not in _TURNING:
            continue
        if entry.act in SETTLING:
            standing = entry.id
        elif entry.actor_id is not None:
            standing = None
    return standing


def is_reopened_by_resident(history: Sequence[Entry]) -> bool:
    """True if the last word about it being done is a resident's that it is not."""
    turns = [entry for entry in history if entry.act in _TURNING and not entry.refused_because]
    return bool(turns) and turns[-1].act == "reopen" and turns[-1].actor_id is None


def check_can_rate(
    state: str,
    history: Sequence[Entry],
    settlement: UUID,
    given: Given | None,
    source: str,
    now: datetime,
    *,
    rated_here: bool = False,
) -> None:
    """Refuse a rating of this settlement that comes too late: `link_not_found` (the matter counts nowhere now),
    `open_again`, `already_rated`, `rating_over`; or that changes by link what was said from another browser
    (`rated_elsewhere`; `rated_here`: it is the same one).

    The code of a link lies on the phone of who did the work, and in chats: it alone turns nobody's word round. What
    a caller heard is changed by no link, and what a resident said himself by no call, unless it does not count: held,
    as one of a burst that may be anybody's, or set aside.
    """
    if state in VOID_STATES:
        raise Refusal("link_not_found")
    if settlement_of(history) != settlement:
        raise Refusal("open_again")
    if given is None:
        if is_reopened_by_resident(history):
            raise Refusal("open_again")
    elif source == "callback":
        if given.counts:
            raise Refusal("already_rated")
    elif given.source == "callback":
        raise Refusal("already_rated")
    elif not rated_here:
        raise Refusal("rated_elsewhere")
    elif now > given.rated_at + MAY_CHANGE_FOR:
        raise Refusal("rating_over")


def is_overtaken(act: str, state: str, history: Sequence[Entry], settlement: Entry) -> bool:
    """True if what a rating leads to is kept as a note, although the table of acts allows it in this state: the
    matter no longer stands on what was rated, or it was only explained, and would be closed as if resolved."""
    if settlement_of(history) != settlement.id:
        return True
    return act == "confirm" and state == "reopened" and settlement.act != "resolve"


def said_at(now: datetime) -> Moment:
    """A resident's word has no phone of ours behind it: it happens when the server hears of it."""
    return Moment(now, now.astimezone(SHANGHAI).isoformat(timespec="seconds"), now, now, 0)

"""Ask the resident: the link that a phone made a code for, and what it leads to."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid6 import uuid7

from server.actions.ratings import rate
from server.domain.access import Actor, may_see_matter
from server.domain.anonymous import without_residents
from server.domain.areas import ancestor
from server.domain.commands import RecordVisit
from server.domain.ratings import LINK_LASTS, MAY_CHANGE_FOR, Answer, check_can_rate, settlement_of
from server.domain.refusals import Refusal
from server.domain.times import shanghai_day
from server.store.areas import names
from server.store.matters import took_part
from server.store.ratings import find_link, find_rating, hash_of_code, history_of, unanswered_links
from server.store.residents import ever_called
from server.store.tables import Matter, RatingLink
from server.store.users import actors

CLOSED_FOR_RATING = frozenset({"open_again", "rating_over", "already_rated", "rated_elsewhere"})
"""Why the page shows what was done, but takes no answer."""


def new_link(matter_id: UUID, event_id: UUID, code: str, received_at: datetime) -> RatingLink:
    """The link by which the settlement `event_id` is rated, from when the server heard of it."""
    expires_at = received_at + LINK_LASTS
    return RatingLink(
        id=uuid7(), matter_id=matter_id, event_id=event_id, code_hash=hash_of_code(code),
        made_at=received_at, expires_at=expires_at,
    )  # fmt: skip


def links_of_visit(command: RecordVisit, received_at: datetime) -> list[RatingLink]:
    """The links of what was resolved on the spot."""
    return [
        new_link(new.id, new.resolved.event_id, new.resolved.rating_code, received_at)
        for new in command.matters
        if new.resolved and new.resolved.rating_code
    ]


def ask_resident(session: Session, matter: Matter, code: str, received_at: datetime) -> None:
    """Let this code rate what the matter stands on. That is also so where the entry that brought the code came too
    late: the resident was shown it, and somebody else's settlement is what there is to rate. Without any there is
    no link."""
    settlement = settlement_of(history_of(session, matter.id))
    if settlement is not None:
        session.add(new_link(matter.id, settlement, code, received_at))
        session.flush()


def take_links_along(session: Session, matter: Matter, settlement_id: UUID, now: datetime) -> None:
    """Links that nobody has answered yet ask about the settlement that follows: who was promised to be asked is not
    silenced by opening a matter and closing it again. A link that has ended asks nobody any more, and stays."""
    for link in unanswered_links(session, matter.id, settlement_id, now):
        link.event_id = settlement_id
    session.flush()


def read_asked(
    session: Session, code: str, user_ids: set[UUID], rated_here: set[UUID], now: datetime
) -> dict[str, Any]:
    """What the holder of a link is shown: what was raised and what was done, in which village; and what he said, if
    it was from this browser. Names nobody. `user_ids`: who has an account of ours on this browser; `rated_here`: the
    settlements that were rated from it. `closed_because` set: no answer is taken.

    Refusals: link_not_found (also expired, or not yet synced), own_work.
    """
    link = _link(session, code, user_ids, now)
    matter, rating = link.matter, find_rating(session, link.event_id)
    try:
        history, own = history_of(session, matter.id), link.event_id in rated_here
        check_can_rate(matter.state, history, link.event_id, rating, "link", now, rated_here=own)
        closed_because = None
    except Refusal as refusal:
        if refusal.code not in CLOSED_FOR_RATING:
            raise
        closed_because = refusal
    if rating is None or rating.source != "link" or not own:
        rating = None  # another holder of the link, or a caller: what was said is not this one's to read
    township, ever = ancestor(matter.village_code, "township"), ever_called(session, [matter])[matter.id]
    return {
        "title": without_residents(matter.title, ever),
        "result": without_residents(link.event.text or "", ever),
        "is_resolved": link.event.act == "resolve",
        "village_name": matter.village.name,
        "township_name": names(session, [township])[township],
        "value": rating.value if rating else None,
        "comment": rating.comment if rating else None,
        "waits": rating is not None and rating.held,
        "last_day": shanghai_day(rating.rated_at + MAY_CHANGE_FOR) if rating else None,
        "closed_because": closed_because,
    }


def rate_by_link(session: Session, code: str, user_ids: set[UUID], rated_here: set[UUID], answer: Answer) -> UUID:
    """Take the answer of who holds the link; answers which settlement it was about.

    Refusals: link_not_found, own_work, open_again, already_rated, rated_elsewhere, rating_over.
    """
    link = _link(session, code, user_ids, answer.given_at)
    rate(session, link.event_id, replace(answer, rated_here=link.event_id in rated_here))
    return link.event_id


def _link(session: Session, code: str, user_ids: set[UUID], now: datetime) -> RatingLink:
    link = find_link(session, code, now)
    if link is None:
        raise Refusal("link_not_found")
    if any(_has_to_do_with(session, actor, link.matter) for actor in actors(session, user_ids)):
        raise Refusal("own_work")
    return link


def _has_to_do_with(session: Session, actor: Actor, matter: Matter) -> bool:
    """True for who handles the matter, handled it, or has its place in his charge: it is his work that is rated."""
    return may_see_matter(actor, matter) or took_part(session, matter.id, actor.id, actor.units())

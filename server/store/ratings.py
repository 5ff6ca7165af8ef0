"""Rating links and ratings: look-up, and one address at a time."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from server.store.areas import code_range
from server.store.db import dialect_of
from server.store.tables import Area, Event, Matter, Rating, RatingLink
from server.store.types import current_cipher


def hash_of_code(code: str) -> str:
    """What is kept of a link's code: with 128 random bits in it a plain hash gives nothing away."""
    return sha256(code.encode()).hexdigest()


def hash_of_address(address: str) -> str:
    """What is kept of where a rating came from, keyed: there are few addresses, so that a plain hash could be
    looked up."""
    return current_cipher().fingerprint(f"rated from {address}".encode())


def find_link(session: Session, code: str, now: datetime) -> RatingLink | None:
    """The link with this code, unless it has expired; with its matter and settlement."""
    query = select(RatingLink).where(RatingLink.code_hash == hash_of_code(code), RatingLink.expires_at > now)
    with_matter = joinedload(RatingLink.matter).joinedload(Matter.village)
    return session.scalar(query.options(with_matter, joinedload(RatingLink.event)))


def unanswered_links(session: Session, matter_id: UUID, but: UUID, now: datetime) -> Sequence[RatingLink]:
    """The links of a matter's settlements, `but` of this one, by which nothing was said and something still may be."""
    answered = select(Rating.id).where(Rating.event_id == RatingLink.event_id)
    query = select(RatingLink).where(RatingLink.matter_id == matter_id, RatingLink.event_id != but)
    return session.scalars(query.where(RatingLink.expires_at > now, ~answered.exists())).all()


def find_rating(session: Session, event_id: UUID) -> Rating | None:
    """What was said of a settlement; what was set aside only where nothing else was said."""
    query = select(Rating).where(Rating.event_id == event_id)
    return session.scalar(query.order_by(Rating.set_aside_reason.is_not(None), Rating.id.desc()).limit(1))


def history_of(session: Session, matter_id: UUID) -> Sequence[Event]:
    """A matter's entries in the server's order, as they are now."""
    query = select(Event).where(Event.matter_id == matter_id).order_by(Event.position)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def lock_address(session: Session, address_hash: str) -> None:
    """Let ratings from one address come one after the other, to the end of the transaction, so that those sent
    all at once are counted too. SQLite has one writer anyway."""
    if dialect_of(session) == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(int(address_hash[:15], 16))))


def said_since(session: Session, address_hash: str, since: datetime) -> Sequence[Rating]:
    """The ratings given or changed from an address since a moment."""
    lately = or_(Rating.rated_at > since, Rating.changed_at > since)
    return session.scalars(select(Rating).where(Rating.address_hash == address_hash, lately)).all()


def page_of_ratings(session: Session, area: Area, which: str, after: UUID | None, limit: int) -> list[Rating]:
    """The newest ratings of a list, from the one after `after` on: their ids are made as they are given."""
    query = select(Rating).join(Rating.matter).where(_is_listed(area, which), Rating.id < after if after else true())
    with_matter = contains_eager(Rating.matter)
    query = query.options(with_matter.joinedload(Matter.village), with_matter.joinedload(Matter.unit))
    page = query.options(joinedload(Rating.event)).order_by(Rating.id.desc()).limit(limit)
    return list(session.scalars(page))


def count_ratings(session: Session, area: Area, which: str) -> int:
    """How many ratings are on a list."""
    query = select(func.count()).select_from(Rating).join(Rating.matter).where(_is_listed(area, which))
    return session.scalar(query) or 0


def _is_listed(area: Area, which: str) -> ColumnElement[bool]:
    lists = {
        "held": Rating.held,
        "unsatisfied": and_(Rating.value == "unsatisfied", ~Rating.held, Rating.set_aside_reason.is_(None)),
        "set_aside": Rating.set_aside_reason.is_not(None),
        "all": true(),
    }
    return and_(lists[which], Matter.village_code.between(*code_range(area.code, area.level)))

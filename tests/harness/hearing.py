"""When the server heard of what was recorded: nothing that a caller of its API could choose, so it is set here."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import create_engine, true, update
from sqlalchemy.orm import Session

from server.store.tables import Event


def let_hear(session: Session, at: datetime | None = None, matter_ids: list[UUID] | None = None) -> None:
    """Let the server have heard of every entry (of these matters) when it happened, or `at` that moment (UTC)."""
    which = true() if matter_ids is None else Event.matter_id.in_(matter_ids)
    session.execute(update(Event).where(which).values(received_at=at or Event.happened_at))


@contextmanager
def embedded(var: Path) -> Iterator[Session]:
    """A transaction in the embedded database of a server that runs on the folder `var`."""
    engine = create_engine(f"sqlite:///{var}/shishibu.db")
    with Session(engine) as session, session.begin():
        yield session
    engine.dispose()

"""What a leader does with an exemplary matter, and what everybody reads of it (好经验)."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.access import Actor
from server.domain.anonymous import Anonymiser
from server.domain.cases import DEEDS, TEXTS, anonymiser, check_may_mark, leads, places_near, proposed, told
from server.domain.refusals import Refusal
from server.store.cases import areas_near, find_case, marks_of_shown, put_case, shown_cases
from server.store.matters import get_matter, read_matters
from server.store.residents import ever_called
from server.store.tables import Matter


def read_cases(session: Session, actor: Actor) -> dict[str, Any]:
    """The library. It says which matter a case tells of only to who may withdraw it."""
    return {
        "cases": [
            {
                "id": case.id,
                "category": case.category,
                **{name: getattr(case, name) for name in TEXTS},
                "made_at": case.made_at,
                "matter_id": case.matter_id if leads(actor, village_code) else None,
            }
            for case, village_code in shown_cases(session)
        ]
    }


def mark_of_cases(session: Session, actor: Actor) -> str:
    """What read_cases() answers, in a few characters: another one whenever it would answer something else."""
    shown = "".join(f"{case_id}{changed_at.isoformat()}" for case_id, changed_at in marks_of_shown(session))
    return sha256(f"{actor.id}{actor.access_version}{shown}".encode()).hexdigest()[:32]


def read_case_draft(session: Session, actor: Actor, matter_id: UUID) -> dict[str, Any]:
    """The texts that a leader starts from: the case as it stands, else what the matter's history tells.

    Refusals: matter_not_found (also when it is not of his area), case_not_settled.
    """
    matter = _matter(session, actor, matter_id)
    case = find_case(session, matter_id)
    if case is not None:
        return _as_told(case.category, {name: getattr(case, name) for name in TEXTS}, {}, listed=True)
    deeds = [e.text for e in matter.events if e.act in DEEDS and e.text and not e.refused_because]
    texts, replaced = told(proposed(matter.title, matter.detail, deeds), _anonymiser(session, matter))
    return _as_told(matter.category, texts, replaced, listed=False)


def mark_case(
    session: Session, actor: Actor, matter_id: UUID, category: str, texts: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """Put a matter into the library, or change what it says there. Persons and places that are still named are
    replaced; the answer is what stands there now. Refusals: those of read_case_draft()."""
    matter = _matter(session, actor, matter_id)
    kept, replaced = told(texts, _anonymiser(session, matter))
    put_case(session, matter_id, {"category": category, **kept}, actor.id, now)
    return _as_told(category, kept, replaced, listed=True)


def withdraw_case(session: Session, actor: Actor, matter_id: UUID, now: datetime) -> None:
    """Take a case out of the library. Refusals: matter_not_found, case_not_found."""
    matter = get_matter(session, matter_id)
    if matter is None or not leads(actor, matter.village_code):
        raise Refusal("matter_not_found")
    case = find_case(session, matter_id)
    if case is None:
        raise Refusal("case_not_found")
    case.withdrawn_at = case.changed_at = now


def _matter(session: Session, actor: Actor, matter_id: UUID) -> Matter:
    found = read_matters(session, [matter_id])
    if not found:
        raise Refusal("matter_not_found")
    check_may_mark(actor, found[0].village_code, found[0].state)
    return found[0]


def _anonymiser(session: Session, matter: Matter) -> Anonymiser:
    officials = {matter.author.name, *(event.actor.name for event in matter.events if event.actor)}
    places = places_near(matter.village_code, areas_near(session, matter.village_code))
    return anonymiser(ever_called(session, [matter])[matter.id], officials, places)


def _as_told(category: str, texts: Mapping[str, str], replaced: Mapping[str, int], *, listed: bool) -> dict[str, Any]:
    counts = [{"kind": kind, "count": count} for kind, count in sorted(replaced.items())]
    return {"category": category, **texts, "replaced": counts, "listed": listed}

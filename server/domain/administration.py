"""What an administrator may do: inside his own areas alone, and nothing to his own account.

He sees accounts, areas and units, never a matter: no rule here gives him a relation to one.
"""

from collections.abc import Collection
from uuid import UUID

from server.domain.access import Actor
from server.domain.areas import within
from server.domain.refusals import Refusal


def administered(actor: Actor) -> list[str]:
    """The codes of the areas that he administers, sorted."""
    return actor.areas("admin")


def may_administer(actor: Actor, area_code: str) -> bool:
    """True for his areas and whatever lies inside them."""
    return any(within(area_code, own) for own in administered(actor))


def may_manage(actor: Actor, places: Collection[str]) -> bool:
    """True for an account all of whose roles lie inside his areas; `places`: the area of each of its roles
    (a handler's: his unit's). Somebody who also works elsewhere, or above, is not his to manage."""
    return bool(places) and all(may_administer(actor, place) for place in places)


def check_not_himself(actor: Actor, user_id: UUID) -> None:
    """He can't change what he himself may do, nor shut himself out. Refusal: own_account."""
    if actor.id == user_id:
        raise Refusal("own_account")

"""The case library (好经验): an exemplary matter, told without persons and places, so that every cadre may read it."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.domain.access import Actor, may_read_tally
from server.domain.anonymous import Anonymiser, Called, Hidden, of_officials, of_resident
from server.domain.areas import ancestor
from server.domain.refusals import Refusal

SETTLED = frozenset({"resolved", "confirmed", "explained"})
"""States of a matter from which others may learn. While it is open again, its case is shown to nobody."""

DEEDS = frozenset({"progress", "resolve", "explain"})
"""Entries of the history that tell what was done."""

TEXTS = ("title", "problem", "deed")

_VILLAGE = re.compile("(?:社区居民委员会|社区居委会|村民委员会|居民委员会|村委会|居委会|社区|村)$")
_TOWNSHIP = re.compile("(?:街道办事处|街道|民族乡|镇|乡)$")
_COUNTY = re.compile("(?:(?<=..)(?:[^族]{1,4}族)+自治[县旗]|自治县|自治旗|[县市区旗])$")
_KINDS = {
    "village": (_VILLAGE, ("社区", "村", "居委会")),
    "township": (_TOWNSHIP, ("街道", "镇", "乡")),
    "county": (_COUNTY, ("县", "市", "区", "旗")),
}
"""By level: how its names end, and the kinds of such places as people call them."""


@dataclass(frozen=True)
class Place:
    """An area that a text may name. `own`: the matter's village, or an area around it."""

    level: str
    name: str
    own: bool


def check_may_mark(actor: Actor, village_code: str, state: str) -> None:
    """Refuse who does not lead the matter's area (`matter_not_found`), and what nobody can learn from yet
    (`case_not_settled`)."""
    if not leads(actor, village_code):
        raise Refusal("matter_not_found")
    if state not in SETTLED:
        raise Refusal("case_not_settled")


def leads(actor: Actor, village_code: str) -> bool:
    """True if the village lies in an area of which he is a leader."""
    return may_read_tally(actor, village_code)


def places_near(village_code: str, areas: Iterable[tuple[str, str, str]]) -> list[Place]:
    """The places that a text about a matter of this village is likely to name, of `areas` (code, level, name)."""
    own = {village_code, ancestor(village_code, "township"), ancestor(village_code, "county")}
    return [Place(level, name, code in own) for code, level, name in areas if level in _KINDS]


def anonymiser(ever: Iterable[Called], officials: Iterable[str], places: Iterable[Place]) -> Anonymiser:
    """What takes this matter's resident (all that he was `ever` called), the people who handled it and its places out
    of texts."""
    residents = [hidden for called in ever for hidden in of_resident(called.name, called.phone)]
    return Anonymiser([*residents, *of_officials(officials), *_of_places(list(places))])


def told(texts: Mapping[str, str], hiding: Anonymiser) -> tuple[dict[str, str], Counter[str]]:
    """Each text without persons and places, and how often something of each kind was replaced."""
    each = {name: hiding.tell(text) for name, text in texts.items()}
    return {name: one.text for name, one in each.items()}, sum((one.replaced for one in each.values()), Counter[str]())


def proposed(title: str, detail: str | None, deeds: Iterable[str]) -> dict[str, str]:
    """The texts that a leader starts from: what was raised, and what was done, entry by entry."""
    return {"title": title, "problem": detail or title, "deed": "\n".join(deeds)}


def _of_places(places: list[Place]) -> list[Hidden]:
    """扶峰村委会 is found as 扶峰村 and 扶峰社区; and as 扶峰 alone only if it is the matter's own: of the others,
    many are everyday words (团结, 清水)."""
    found: dict[str, str] = {}
    for place in places:
        ending, kinds = _KINDS[place.level]
        root = ending.sub("", place.name) or place.name
        own_kind = next((kind for kind in kinds if kind in place.name[len(root) :]), kinds[0])
        found.update({place.name: f"某{own_kind}"} | {root + kind: f"某{kind}" for kind in kinds})
        if place.own and len(root) > 1:
            found.setdefault(root, f"某{own_kind}")
    longest_first = sorted(found.items(), key=lambda item: (-len(item[0]), item))
    return [Hidden(re.escape(name), becomes, "place") for name, becomes in longest_first]

"""The province's places and units: 2,000 townships of very different size."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from uuid import UUID

from server.domain.areas import ancestor

PREFECTURES, COUNTIES, TOWNSHIPS, VILLAGES = 14, 126, 2000, 15
"""Counties and townships in all; villages in each township. 湖南省 has 14, 122, 1,940 and about 15."""

BUREAUS = {
    "road": "交通运输局",
    "water": "水利局",
    "power": "发展和改革局",
    "housing": "住房和城乡建设局",
    "land": "自然资源局",
    "environment": "生态环境局",
    "health": "卫生健康局",
    "education": "教育局",
    "welfare": "民政局",
    "livelihood": "人力资源和社会保障局",
    "dispute": "司法局",
    "other": "信访局",
}


@dataclass(frozen=True)
class Township:
    """`weight`: how many of the province's matters are raised here, against the others."""

    code: str
    home: UUID
    author: UUID
    villages: Sequence[str]
    bureaus: dict[str, UUID]
    weight: float


@dataclass
class Province:
    """Everything that matters refer to, as rows of the tables."""

    areas: list[tuple[str, str, str, str | None, str]] = field(default_factory=list)
    units: list[tuple[UUID, str, str, bool]] = field(default_factory=list)
    users: list[tuple[UUID, str, str]] = field(default_factory=list)
    townships: list[Township] = field(default_factory=list)

    @property
    def code(self) -> str:
        """The province's division code."""
        return self.areas[0][0]

    def largest_county(self) -> str:
        """The county where most is raised: the worst page to open."""
        weights: dict[str, float] = {}
        for township in self.townships:
            county = ancestor(township.code, "county")
            weights[county] = weights.get(county, 0) + township.weight
        return max(weights, key=lambda county: weights[county])


def an_id(rng: Random, at: datetime | None = None) -> UUID:
    """A UUIDv7 (RFC 9562) made at that moment; at any if it does not matter."""
    millis = int(at.timestamp() * 1000) if at else rng.getrandbits(48)
    return UUID(int=millis << 80 | 0x7 << 76 | rng.getrandbits(12) << 64 | 0x2 << 62 | rng.getrandbits(62))


def make_province(rng: Random) -> Province:
    """The same province for the same random numbers."""
    made = Province()
    made.areas.append(("990000000000", "测试省", "province", None, "css"))
    counties: list[tuple[str, dict[str, UUID], float]] = []
    for number in range(COUNTIES):
        prefecture = f"99{number % PREFECTURES + 1:02}00000000"
        if number < PREFECTURES:
            made.areas.append((prefecture, f"第{number + 1}市", "prefecture", made.code, "s"))
        code = f"{prefecture[:4]}{number // PREFECTURES + 1:02}000000"
        made.areas.append((code, f"第{number + 1}县", "county", prefecture, "x"))
        bureaus = {category: an_id(rng) for category in BUREAUS}
        made.units += [(bureaus[category], name, code, False) for category, name in BUREAUS.items()]
        counties.append((code, bureaus, rng.lognormvariate(0, 0.7)))
    for number in range(TOWNSHIPS):
        county, bureaus, weight = counties[number % COUNTIES]
        code = f"{county[:6]}{number // COUNTIES + 100:03}000"
        villages = [f"{code[:9]}{place + 200:03}" for place in range(VILLAGES)]
        made.areas.append((code, f"第{number + 1}镇", "township", county, "z"))
        made.areas += [(village, f"{village[-3:]}村", "village", code, "c") for village in villages]
        home, author = an_id(rng), an_id(rng)
        made.units.append((home, f"第{number + 1}镇人民政府", code, True))
        made.users.append((author, f"cadre{number}", f"干部{number}"))
        made.townships.append(Township(code, home, author, villages, bureaus, weight * rng.lognormvariate(0, 0.8)))
    return made

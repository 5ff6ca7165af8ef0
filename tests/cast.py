"""The people of the tests, on the real divisions of 武冈市.

邓家铺镇 (TOWNSHIP) has the villages 扶峰 (VILLAGE), 黄塘 (SHARED_VILLAGE) and others; 龙溪镇 is the
neighbour. Everybody's password is PASSWORD.
"""

from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from server.actions.accounts import GrantWanted, add_user
from server.actions.areas import import_area
from server.actions.units import add_named_unit
from server.store.db import reading, writing
from server.store.tables import Unit

PASSWORD = "correct horse battery"
COUNTY = "430581000000"
TOWNSHIP = "430581105000"
VILLAGE = "430581105203"
SHARED_VILLAGE = "430581105204"
OTHER_VILLAGE = "430581105208"
"""A village of the township that none of the cadres has."""
NEIGHBOUR_TOWNSHIP = "430581106000"
BUREAU = "武冈市交通运输局"
OTHER_BUREAU = "武冈市水利局"


@dataclass(frozen=True)
class Person:
    """Who signs in, and as what."""

    username: str
    name: str
    grants: tuple[GrantWanted, ...]


CADRE = Person("cadre", "李秀英", (GrantWanted("cadre", VILLAGE), GrantWanted("cadre", SHARED_VILLAGE)))
COLLEAGUE = Person("colleague", "王建国", (GrantWanted("cadre", SHARED_VILLAGE),))
NEIGHBOUR = Person("neighbour", "孙丽", (GrantWanted("cadre", "430581106201"),))
COORDINATOR = Person("coordinator", "张志强", (GrantWanted("coordinator", TOWNSHIP),))
HANDLER = Person("handler", "刘芳", (GrantWanted("handler", BUREAU),))
OTHER_HANDLER = Person("other_handler", "何伟", (GrantWanted("handler", OTHER_BUREAU),))
LEADER = Person("leader", "陈立新", (GrantWanted("leader", TOWNSHIP),))
COUNTY_LEADER = Person("county_leader", "周海燕", (GrantWanted("leader", COUNTY),))
NEIGHBOUR_LEADER = Person("neighbour_leader", "吴军", (GrantWanted("leader", NEIGHBOUR_TOWNSHIP),))
AUDITOR = Person("auditor", "郑华", (GrantWanted("auditor", COUNTY),))
ADMIN = Person("admin", "赵敏", (GrantWanted("admin", COUNTY),))

EVERYBODY = (
    CADRE, COLLEAGUE, NEIGHBOUR, COORDINATOR, HANDLER, OTHER_HANDLER,
    LEADER, COUNTY_LEADER, NEIGHBOUR_LEADER, AUDITOR, ADMIN,
)  # fmt: skip


def move_in(app: Flask, divisions: list[dict[str, str]]) -> None:
    """Import `divisions` (rows of data/divisions_wugang.csv) and give everybody an account."""
    with app.app_context(), writing() as session:
        for row in divisions:
            import_area(session, row)
        for bureau in (BUREAU, OTHER_BUREAU):
            add_named_unit(session, bureau, COUNTY)
        for person in EVERYBODY:
            add_user(session, person.username, person.name, PASSWORD, person.grants)


def unit_id(app: Flask, name: str) -> str:
    """The id of the unit called `name`."""
    with app.app_context():
        return str(reading().scalars(select(Unit.id).where(Unit.name == name)).one())

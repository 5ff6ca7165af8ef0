"""What an administrator does to grants: access_version grows with each change (CONTRACT rule 9)."""

from flask import Flask
from sqlalchemy import select
from uuid6 import uuid7

from server.domain.words import AREA_ROLES
from server.store.db import writing
from server.store.tables import Grant, Unit, User
from tests.cast import Person


def grant(app: Flask, person: Person, role: str, where: str) -> None:
    """Give a role within an area, by its code, or within a unit, by its name."""
    with app.app_context(), writing() as session:
        user = session.scalars(select(User).where(User.username == person.username)).one()
        place = (
            {"area_code": where}
            if role in AREA_ROLES
            else {"unit_id": session.scalars(select(Unit.id).where(Unit.name == where)).one()}
        )
        user.grants.append(Grant(id=uuid7(), role=role, **place))
        user.access_version += 1


def revoke(app: Flask, person: Person, role: str) -> None:
    """Take away every grant of a role."""
    with app.app_context(), writing() as session:
        user = session.scalars(select(User).where(User.username == person.username)).one()
        user.grants = [held for held in user.grants if held.role != role]
        user.access_version += 1

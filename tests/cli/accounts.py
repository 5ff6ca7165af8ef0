"""What an account is good for, as the database says."""

from flask import Flask

from server.store.db import reading
from server.store.users import find_user


def roles_of(app: Flask, username: str) -> set[tuple[str, str]]:
    with app.app_context():
        user = find_user(reading(), username)
        assert user is not None
        return {(grant.role, grant.area_code or str(grant.unit_id)) for grant in user.grants}


def access_version(app: Flask, username: str) -> int:
    with app.app_context():
        user = find_user(reading(), username)
        assert user is not None
        return user.access_version

"""A county's responsibility list, as tests keep it: through the API, by a coordinator of the county."""

from typing import Any

from flask import Flask

from tests import cast
from tests.api.mutations import Json
from tests.api.people import Caller, SignIn
from tests.sync.grants import grant

PATH = "/api/responsibilities"


def duty(app: Flask, category: str = "road", level: str = "county", **more: Any) -> Json:
    """A line, in order unless a test says otherwise; of the county's bureau above the township."""
    unit_id = cast.unit_id(app, cast.BUREAU) if level == "county" else None
    sound = {"unit_id": unit_id, "days_allowed": 10, "legal_basis": "《公路法》", "township_may_settle": False}
    return {"category": category, "level": level, **sound, **more}


def county_coordinator(app: Flask, sign_in: SignIn) -> Caller:
    """Somebody of the cast who coordinates the whole county as well."""
    grant(app, cast.AUDITOR, "coordinator", cast.COUNTY)
    return sign_in(cast.AUDITOR)


def read(caller: Caller, county: str = cast.COUNTY) -> Json:
    answer = caller.get(PATH, county_code=county)
    assert answer.status_code == 200, answer.get_json()
    body: Json = answer.get_json()
    return body


def put(caller: Caller, *duties: Json, version: str | None = None, county: str = cast.COUNTY) -> Any:
    """Save the whole list; read at `version`, or just now."""
    body = {"county_code": county, "version": version or read(caller)["version"], "rules": list(duties)}
    return caller.call("PUT", PATH, json=body)


def keep(caller: Caller, *duties: Json) -> Json:
    """Save the whole list, which must be taken; the list as it is then."""
    answer = put(caller, *duties)
    assert answer.status_code == 200, answer.get_json()
    body: Json = answer.get_json()
    return body

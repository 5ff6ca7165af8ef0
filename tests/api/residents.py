"""A resident with a link: a browser without any account, at an address of its own."""

import secrets
from datetime import timedelta
from html import unescape
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.store.db import writing
from server.store.tables import Rating, RatingLink
from tests import cast
from tests.api.mutations import Json, act, new_id, new_matter, visit
from tests.api.people import Caller

_addresses = count(1)


def new_code() -> str:
    """The code of a link, as a phone makes it."""
    return secrets.token_urlsafe(16)


def settled(cadre: Caller, what: str = "resolve", village: str = cast.VILLAGE, **more: Any) -> tuple[Json, str]:
    """A matter that the cadre settled, and the code of its link."""
    matter, code = new_matter(**more), new_code()
    cadre.apply(visit(matter, village_code=village), act(matter["id"], what, rating_code=code, text="灯泡换好了"))
    return matter, code


def on_the_spot(code: str) -> Json:
    """What makes a new matter 现场办结, with a link."""
    return {"event_id": new_id(), "text": "当场换好了灯泡", "rating_code": code}


class Resident:
    """Somebody at an address (left out: one that nobody else has) with a browser of his own."""

    def __init__(self, app: Flask, address: str | None = None, http: FlaskClient | None = None) -> None:
        number = next(_addresses)
        self.http = http or app.test_client()
        self._from = {"REMOTE_ADDR": address or f"10.2.{number // 250}.{number % 250}"}

    def open(self, code: str, method: str = "GET") -> TestResponse:
        """Open the link."""
        return self.http.open(f"/r/{code}", method=method, environ_overrides=self._from)

    def send(self, code: str, **form: str) -> TestResponse:
        """Send the page's form, however it is filled in."""
        return self.http.post(f"/r/{code}", data=form, environ_overrides=self._from)

    def rate(self, code: str, value: str, comment: str | None = None) -> None:
        """Tap one of the three buttons; it is taken."""
        answer = self.send(code, value=value, **({} if comment is None else {"comment": comment}))
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/r/{code}"), text_of(answer)

    def refused(self, code: str, value: str = "satisfied") -> tuple[int, str]:
        """Tap a button in vain: the status, and what the page says."""
        answer = self.send(code, value=value)
        assert answer.mimetype == "text/html"
        return answer.status_code, text_of(answer)


def text_of(answer: TestResponse) -> str:
    """The page as it was sent, with characters in place of entities."""
    return unescape(answer.get_data(as_text=True))


def let_days_pass(app: Flask, days: float) -> None:
    """Let all links and ratings be older by so many days."""
    with app.app_context(), writing() as session:
        for link in session.scalars(select(RatingLink)):
            link.expires_at -= timedelta(days=days)
        for rating in session.scalars(select(Rating)):
            rating.rated_at -= timedelta(days=days)
            if rating.changed_at:
                rating.changed_at -= timedelta(days=days)

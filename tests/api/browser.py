"""A browser in which somebody types user name and password."""

from http.cookies import SimpleCookie
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import cast
from tests.api.contract import check_error

HOME, ELSEWHERE = "10.1.1.1", "203.0.113.7"
WRONG = "wrong horse battery"


class Browser:
    """A browser at an address, which signs in by typing user name and password."""

    def __init__(self, app: Flask, address: str = HOME) -> None:
        self.http: FlaskClient = app.test_client()
        self._from: Any = {"REMOTE_ADDR": address}
        self.csrf_token = str(self.session()["csrf_token"])

    def move_to(self, address: str) -> None:
        """The same browser in another network."""
        self._from = {"REMOTE_ADDR": address}

    def session(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.http.get("/api/session").get_json()
        return answer

    def send(self, method: str, path: str, body: object = None, token: str | None = None) -> TestResponse:
        headers = {"X-CSRFToken": self.csrf_token if token is None else token}
        return self.http.open(path, method=method, json=body, headers=headers, environ_overrides=self._from)

    def type_in(self, person: cast.Person, password: str = cast.PASSWORD) -> TestResponse:
        answer = self.send("POST", "/api/session", {"username": person.username, "password": password})
        if answer.status_code == 200:
            self.csrf_token = answer.get_json()["csrf_token"]
        else:
            check_error(answer.get_json(), answer.status_code)
        return answer


def cookies_of(answer: TestResponse) -> dict[str, Any]:
    """The cookies that an answer sets, with their attributes."""
    cookies: SimpleCookie = SimpleCookie()
    for line in answer.headers.getlist("Set-Cookie"):
        cookies.load(line)
    return dict(cookies)

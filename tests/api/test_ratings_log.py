"""The address of a resident's page is a secret: no log of the server says it, also where its access log is on."""

import re
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.api.residents import new_code
from tests.harness.databases import migrate
from tests.harness.live_server import LiveServer

ALL_THAT_GUNICORN_CAN_SAY = "%(r)s %(U)s %(q)s %(f)s %({raw_uri}e)s %({path_info}e)s %({referer}i)s"


def test_an_access_log_says_that_a_rating_page_was_opened_but_not_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    migrate("", tmp_path)
    monkeypatch.setenv("GUNICORN_CMD_ARGS", f"--access-logfile - --access-logformat '{ALL_THAT_GUNICORN_CAN_SAY}'")
    server, code = LiveServer(tmp_path), new_code()
    server.start()
    try:
        page = f"{server.url}/r/{code}"
        asked = Request(f"{page}?from=chat", headers={"Referer": page})
        sent = Request(page, b"value=satisfied", method="POST")
        broken = Request(f"{server.url}/r/{code}%00", headers={"Referer": page, "Content-Length": "x"})
        escaped = [Request(f"{server.url}/{way}{code}") for way in ("r%2F", "%72/", "%72%2F")]
        for request in (asked, sent, broken, *escaped):
            with suppress(HTTPError):
                urlopen(request, timeout=10).close()
    finally:
        server.stop()
    assert len(re.findall(r"(?:GET|POST) /r/-[ ?]", server.log)) >= 2, server.log
    assert code not in server.log

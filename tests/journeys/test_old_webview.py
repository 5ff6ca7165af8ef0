"""Old Android webviews stop at Chromium 80: the core path works there too, and the desk."""

import json
import subprocess
from pathlib import Path

from tests import cast
from tests.harness.caller import Caller
from tests.harness.line import Line
from tests.harness.live_server import ROOT, LiveServer
from tests.journeys.given import raise_matter
from tests.journeys.hands import PIN

LYING = "桥面塌了半边"
SENTENCE = "当天清运完，路口干净了。"


def titles(server: LiveServer) -> list[str]:
    return [matter["title"] for matter in Caller(server.url, cast.CADRE).matters()]


def test_an_old_phone_records_offline_shows_the_qr_and_opens_the_desk(live_server: LiveServer, tmp_path: Path):
    raise_matter(live_server, LYING)
    line = Line(live_server.port)
    told = {
        "username": cast.CADRE.username,
        "password": cast.PASSWORD,
        "pin": PIN,
        "kind": "现场办公",
        "village": "扶峰村",
        "title": "村口垃圾没人清",
        "category": "环境卫生",
        "sentence": SENTENCE,
        "coordinator": cast.COORDINATOR.username,
        "lying": LYING,
    }
    with subprocess.Popen(
        ["node", "tests/browser/old_webview.mjs", line.url, str(tmp_path / "profile")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as old_phone:
        assert old_phone.stdin is not None
        assert old_phone.stdout is not None
        assert old_phone.stderr is not None
        last = ""
        answer = json.dumps(told)
        try:
            print(answer, file=old_phone.stdin, flush=True)
            for last in old_phone.stdout:
                if last.startswith("cut"):
                    assert titles(live_server) == [LYING]
                    line.cut()
                elif last.startswith("mend"):
                    line.mend()
                else:
                    break
                print("done", file=old_phone.stdin, flush=True)
            errors = old_phone.stderr.read()
        finally:
            old_phone.kill()
            line.close()
    assert last.startswith("done HeadlessChrome/80."), errors
    assert sorted(titles(live_server)) == ["村口垃圾没人清", LYING]  # once
    (matter,) = [one for one in Caller(live_server.url, cast.CADRE).matters() if one["title"] != LYING]
    assert (matter["title"], matter["state"], matter["on_the_spot"]) == ("村口垃圾没人清", "resolved", True)
    assert [event["text"] for event in matter["events"]] == [None, SENTENCE]

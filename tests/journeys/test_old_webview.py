"""Old Android webviews stop at Chromium 80: the core path works there too."""

import json
import subprocess
from pathlib import Path

from tests import cast
from tests.harness.caller import Caller
from tests.harness.line import Line
from tests.harness.live_server import ROOT, LiveServer

SENTENCE = "当天清运完，路口干净了。"


def test_a_cadre_with_an_old_phone_records_offline_and_it_arrives_once(live_server: LiveServer, tmp_path: Path):
    line = Line(live_server.port)
    told = {
        "username": cast.CADRE.username,
        "password": cast.PASSWORD,
        "kind": "现场办公",
        "village": "扶峰村",
        "title": "村口垃圾没人清",
        "category": "环境卫生",
        "sentence": SENTENCE,
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
                    assert Caller(live_server.url, cast.CADRE).matters() == []
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
    (matter,) = Caller(live_server.url, cast.CADRE).matters()
    assert (matter["title"], matter["state"], matter["on_the_spot"]) == ("村口垃圾没人清", "resolved", True)
    assert [event["text"] for event in matter["events"]] == [None, SENTENCE]

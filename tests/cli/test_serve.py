"""`make run` on a database that it cannot bring up to date."""

import os
import subprocess
import sys
from pathlib import Path

from flask import Flask

from tests.harness.databases import be_at_schema

ROOT = Path(__file__).parents[2]


def test_a_database_of_a_schema_that_nobody_knows_is_not_served_and_one_sentence_says_what_to_do(
    bare_app: Flask, database_url: str, tmp_path: Path
):
    be_at_schema(bare_app, "0001")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    settings = {"SHISHIBU_VAR": str(tmp_path / "var"), "SHISHIBU_DATABASE_URL": database_url, "PATH": path}
    told = subprocess.run(
        ["tools/serve.sh"], cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, timeout=60, check=False
    )
    assert told.returncode == 1
    assert told.stdout == ""
    assert told.stderr.splitlines()[-1] == (
        "数据库（SHISHIBU_DATABASE_URL）的结构版本不认识，多半是开发时的旧库：把它移走或删掉，再运行 make run。"
    )
    assert "Traceback" not in told.stderr

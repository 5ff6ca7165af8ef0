"""`flask demo`: eight people to try the product with and their list, once."""

import re
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import select

from server.actions.sessions import proven_hash
from server.domain.responsibilities import rule_for, unit_by
from server.store.db import reading
from server.store.responsibilities import rules_of
from server.store.tables import User
from tests import cast
from tests.cli.conftest import Run
from tests.harness.world import DIVISIONS

ACCOUNT = re.compile(r"^  (\w+) +([a-z2-9]{12})   (.+)$", re.MULTILINE)


def test_eight_accounts_are_made_and_their_passwords_work(run_bare: Run, bare_app: Flask):
    run_bare("areas", "import", str(DIVISIONS))
    result = run_bare("demo")
    assert result.exit_code == 0, result.output
    accounts = ACCOUNT.findall(result.stdout)
    assert [username for username, _, _ in accounts] == [
        "ganbu1", "ganbu2", "xietiao", "xianxietiao", "chengban", "zhenzhang", "xianzhang", "admin",
    ]  # fmt: skip
    assert len({password for _, password, _ in accounts}) == 8
    with bare_app.app_context():
        for username, password, _ in accounts:
            assert proven_hash(reading(), username, password) is not None
        roles = {user.username: {grant.role for grant in user.grants} for user in reading().scalars(select(User))}
    assert roles == {
        "ganbu1": {"cadre"},
        "ganbu2": {"cadre"},
        "xietiao": {"coordinator"},
        "xianxietiao": {"coordinator"},
        "chengban": {"handler"},
        "zhenzhang": {"leader"},
        "xianzhang": {"leader"},
        "admin": {"admin"},
    }


def test_a_road_goes_to_the_bureau_and_water_to_the_township_by_the_demo_list(run_bare: Run, bare_app: Flask):
    run_bare("areas", "import", str(DIVISIONS))
    run_bare("demo")
    with bare_app.app_context():
        rules = rules_of(reading(), cast.COUNTY)
        now = datetime.now(UTC)
        road, water = rule_for(rules, "road", now), rule_for(rules, "water", now)
        assert road
        assert str(unit_by(road, on_the_spot=False)) == cast.unit_id(bare_app, cast.BUREAU)
        assert water
        assert unit_by(water, on_the_spot=False) is None
        assert rule_for(rules, "health", now) is None


def test_the_second_time_nothing_is_made_and_no_password_is_shown(run_bare: Run, bare_app: Flask):
    run_bare("areas", "import", str(DIVISIONS))
    first = run_bare("demo").stdout
    second = run_bare("demo")
    assert second.exit_code == 0
    assert "已有用户" in second.stdout
    assert not any(password in second.stdout for _, password, _ in ACCOUNT.findall(first))
    with bare_app.app_context():
        assert len(reading().scalars(select(User)).all()) == 8


def test_a_system_with_real_users_gets_no_demo_accounts(run: Run, app: Flask):
    assert "已有用户" in run("demo").stdout
    with app.app_context():
        assert len(reading().scalars(select(User)).all()) == len(cast.EVERYBODY)


def test_without_the_divisions_one_sentence_says_what_to_do(run_bare: Run, bare_app: Flask):
    result = run_bare("demo")
    assert result.exit_code == 1
    assert "请先导入" in result.output
    with bare_app.app_context():
        assert reading().scalars(select(User)).all() == []

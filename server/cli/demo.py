"""`flask demo`: people to try the product with, and the responsibility list of their county."""

from datetime import UTC, datetime
from uuid import UUID

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from server.actions.accounts import GrantWanted, add_user, new_password
from server.actions.responsibilities import read_list, save_list
from server.actions.units import add_named_unit
from server.cli.told import Command
from server.domain.access import Actor
from server.domain.responsibilities import Duty
from server.store.areas import get_area
from server.store.db import reading, writing
from server.store.units import find_unit
from server.store.users import has_users

COUNTY = "430581000000"
TOWNSHIP = "430581105000"
BUREAU = "武冈市交通运输局"
LIST_KEEPER = "xianxietiao"

PEOPLE = {
    # user name: (name, what he is, grants)
    "ganbu1": (
        "李秀英",
        "干部：邓家铺镇扶峰村、黄塘村",
        [GrantWanted("cadre", "430581105203"), GrantWanted("cadre", "430581105204")],
    ),
    "ganbu2": ("王建国", "干部：邓家铺镇黄塘村", [GrantWanted("cadre", "430581105204")]),
    "xietiao": ("张志强", "协调员：邓家铺镇", [GrantWanted("coordinator", TOWNSHIP)]),
    LIST_KEEPER: ("杨树林", "协调员：武冈市（权责清单）", [GrantWanted("coordinator", COUNTY)]),
    "chengban": ("刘芳", f"承办人：{BUREAU}", [GrantWanted("handler", BUREAU)]),
    "zhenzhang": ("陈立新", "领导：邓家铺镇", [GrantWanted("leader", TOWNSHIP)]),
    "xianzhang": ("周海燕", "领导：武冈市", [GrantWanted("leader", COUNTY)]),
    "admin": ("赵敏", "管理员：武冈市", [GrantWanted("admin", COUNTY)]),
}

TOWNSHIP_DAYS = {"water": 7, "environment": 5, "welfare": 10, "dispute": 30}
"""Working days for what each township settles itself. Roads are the bureau's; the rest is left to the coordinator."""
BUREAU_DAYS = 20


@click.command("demo", cls=Command)
@with_appcontext
def demo() -> None:
    """Add demo accounts and a responsibility list to an empty system (武冈市), and print the passwords, once."""
    if has_users(reading()):
        click.echo("已有用户，没有添加演示账号，用已有的账号登录。")
        return
    if get_area(reading(), TOWNSHIP) is None:
        raise click.ClickException(
            "还没有武冈市的区划，请先导入：.venv/bin/flask --app wsgi areas import data/divisions_wugang.csv"
        )
    with writing() as session:
        bureau = find_unit(session, BUREAU, COUNTY) or add_named_unit(session, BUREAU, COUNTY)
        accounts = []
        for username, (name, what, grants) in PEOPLE.items():
            password = new_password()
            user = add_user(session, username, name, password, grants)
            if username == LIST_KEEPER:
                _keep_list(session, user.actor(), bureau.id)
            accounts.append(f"  {username:<12} {password}   {what}")
    click.echo("演示账号（密码只显示这一次）：")
    for account in accounts:
        click.echo(account)


def _keep_list(session: Session, keeper: Actor, bureau_id: UUID) -> None:
    duties = [Duty(category, "township", None, days, "", True) for category, days in TOWNSHIP_DAYS.items()]
    duties.append(Duty("road", "county", bureau_id, BUREAU_DAYS, "", False))
    version = read_list(session, keeper, COUNTY)["version"]
    save_list(session, keeper, COUNTY, version, duties, datetime.now(UTC))

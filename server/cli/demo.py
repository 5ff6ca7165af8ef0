"""`flask demo`: people to try the product with."""

import click
from flask.cli import with_appcontext

from server.actions.accounts import GrantWanted, add_user, new_password
from server.actions.units import add_named_unit
from server.cli.told import Command
from server.store.areas import get_area
from server.store.db import reading, writing
from server.store.units import find_unit
from server.store.users import has_users

COUNTY = "430581000000"
TOWNSHIP = "430581105000"
BUREAU = "武冈市交通运输局"

PEOPLE = {
    # user name: (name, what he is, grants)
    "ganbu1": (
        "李秀英",
        "干部：邓家铺镇扶峰村、黄塘村",
        [GrantWanted("cadre", "430581105203"), GrantWanted("cadre", "430581105204")],
    ),
    "ganbu2": ("王建国", "干部：邓家铺镇黄塘村", [GrantWanted("cadre", "430581105204")]),
    "xietiao": ("张志强", "协调员：邓家铺镇", [GrantWanted("coordinator", TOWNSHIP)]),
    "chengban": ("刘芳", f"承办人：{BUREAU}", [GrantWanted("handler", BUREAU)]),
    "zhenzhang": ("陈立新", "领导：邓家铺镇", [GrantWanted("leader", TOWNSHIP)]),
    "xianzhang": ("周海燕", "领导：武冈市", [GrantWanted("leader", COUNTY)]),
    "admin": ("赵敏", "管理员：武冈市", [GrantWanted("admin", COUNTY)]),
}


@click.command("demo", cls=Command)
@with_appcontext
def demo() -> None:
    """Add demo accounts to an empty system (武冈市) and print their passwords, once."""
    if has_users(reading()):
        click.echo("已有用户，没有添加演示账号，用已有的账号登录。")
        return
    if get_area(reading(), TOWNSHIP) is None:
        raise click.ClickException(
            "还没有武冈市的区划，请先导入：.venv/bin/flask --app wsgi areas import data/divisions_wugang.csv"
        )
    with writing() as session:
        if find_unit(session, BUREAU, COUNTY) is None:
            add_named_unit(session, BUREAU, COUNTY)
        accounts = []
        for username, (name, what, grants) in PEOPLE.items():
            password = new_password()
            add_user(session, username, name, password, grants)
            accounts.append(f"  {username:<12} {password}   {what}")
    click.echo("演示账号（密码只显示这一次）：")
    for account in accounts:
        click.echo(account)

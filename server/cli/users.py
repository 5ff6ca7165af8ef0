"""`flask users import|add|rename|grant|revoke|disable|enable|password|phones|lost|reread`."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import BinaryIO, TypeVar
from uuid import UUID

import click
from sqlalchemy.orm import Session

from server.actions.accounts import (
    GrantWanted,
    add_user,
    disable_user,
    enable_user,
    grant_role,
    new_password,
    rename_user,
    revoke_role,
    set_password,
)
from server.actions.phones import report_lost
from server.cli.progress import progress
from server.cli.told import Group
from server.domain.browsers import UNKNOWN
from server.domain.refusals import Wrong
from server.schemas.rows import read_rows
from server.store.db import reading, writing
from server.store.phones import phones_of
from server.store.tables import User
from server.store.users import find_user, renew_access_versions

users = Group("users", help="Accounts.")
T = TypeVar("T")

COLUMNS = {"username", "name", "roles"}


class NothingImported(Exception):
    """Some rows were refused: roll everything back."""


@users.command("import")
@click.argument("file", type=click.File("rb"))
def import_users(file: BinaryIO) -> None:
    """Import accounts from a CSV file with the columns username,name,roles[,password].

    `roles` is `role:where` separated by `;`, where `where` is a division code, for a handler a unit's
    name: `cadre:430581103201;cadre:430581103202` or `handler:武冈市交通运输局`. Without a password one is
    made and printed. All or nothing: if a row is refused, every refused row is listed with its reason
    and nothing is imported.
    """
    rows = read_rows(file.read(), COLUMNS)
    refused: list[str] = []
    passwords: list[str] = []
    try:
        with writing() as session:
            for number, row in enumerate(progress(rows, "导入用户"), start=2):
                try:
                    passwords.append(_import_row(session, row))
                except Wrong as wrong:
                    refused.append(f"第 {number} 行 {row['username']}：{wrong}")
            if refused:
                raise NothingImported
    except NothingImported as nothing:
        for line in refused:
            click.echo(line, err=True)
        raise click.ClickException(f"{len(refused)} 行有误，没有导入任何用户。请改正后再导入。") from nothing
    for row, password in zip(rows, passwords, strict=True):
        if not row.get("password"):
            click.echo(f"{row['username']}  {password}")
    click.echo(f"已导入 {len(rows)} 个用户。")


def _import_row(session: Session, row: dict[str, str]) -> str:
    """Add one account in a savepoint and return its password. Raises Wrong."""
    password = row.get("password") or new_password()
    with session.begin_nested():
        add_user(session, row["username"], row["name"], password, parse_roles(row["roles"]))
    return password


def parse_roles(text: str) -> list[GrantWanted]:
    """`role:where;role:where` as grants. Raises Wrong."""
    grants = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        role, colon, where = part.partition(":")
        if not colon:
            raise Wrong("invalid", f"角色“{part}”要写成 角色:区划代码 或 handler:单位名称", "grants")
        grants.append(GrantWanted(role.strip(), where.strip()))
    return grants


def _carry_out(change: Callable[[Session], T]) -> T:
    """Make a change, and return what it answers."""
    with writing() as session:
        return change(session)


@users.command("add")
@click.argument("username")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, help="role:division code, or handler:unit name.")
def add(username: str, name: str, roles: tuple[str, ...]) -> None:
    """Add an account and print its password."""
    password = new_password()
    _carry_out(lambda session: add_user(session, username, name, password, parse_roles(";".join(roles))))
    click.echo(f"已添加用户 {username}，密码：{password}")


@users.command("rename")
@click.argument("username")
@click.argument("name")
def rename(username: str, name: str) -> None:
    """Change the name of a person; the user name stays."""
    _carry_out(lambda session: rename_user(session, username, name))
    click.echo(f"已把 {username} 的姓名改为{name}。")


@users.command("grant")
@click.argument("username")
@click.argument("role")
@click.argument("where")
def grant(username: str, role: str, where: str) -> None:
    """Give an account one more role, WHERE being a division code or, for a handler, a unit's name."""
    _carry_out(lambda session: grant_role(session, username, GrantWanted(role, where)))
    click.echo(f"已给 {username} 加上角色 {role}:{where}。")


@users.command("revoke")
@click.argument("username")
@click.argument("role")
@click.argument("where")
def revoke(username: str, role: str, where: str) -> None:
    """Take a role from an account, written as it was given."""
    _carry_out(lambda session: revoke_role(session, username, GrantWanted(role, where)))
    click.echo(f"已去掉 {username} 的角色 {role}:{where}。")


@users.command("disable")
@click.argument("username")
def disable(username: str) -> None:
    """Close an account; its sessions end at once."""
    _carry_out(lambda session: disable_user(session, username))
    click.echo(f"已停用用户 {username}。")


@users.command("enable")
@click.argument("username")
def enable(username: str) -> None:
    """Open a closed account again, with its password and roles."""
    _carry_out(lambda session: enable_user(session, username))
    click.echo(f"已重新启用用户 {username}。")


@users.command("password")
@click.argument("username")
@click.option("--ask", is_flag=True, help="Ask for the password instead of making one.")
def password(username: str, ask: bool) -> None:
    """Set a new password and print it; the account's sessions end at once."""
    chosen = click.prompt("新密码", hide_input=True, confirmation_prompt="再输一次") if ask else new_password()
    is_open = _carry_out(lambda session: set_password(session, username, chosen))
    click.echo(f"已为 {username} 设置新密码。" if ask else f"{username} 的新密码：{chosen}")
    if not is_open:
        click.echo(f"注意：{username} 已停用，不能登录。启用：flask --app wsgi users enable {username}", err=True)


@users.command("phones")
@click.argument("username")
def phones(username: str) -> None:
    """List the phones of an account: their ids, what they are, since when, and which were reported lost."""
    user = _account(reading(), username)
    found = phones_of(reading(), user.id)
    for phone in found:
        state = f"  {phone.revoked_at:%Y-%m-%d} 报失" if phone.revoked_at else ""
        click.echo(f"{phone.id}  {phone.first_seen_at:%Y-%m-%d} 开始使用  {phone.browser or UNKNOWN}{state}")
    if not found:
        click.echo(f"用户 {username} 还没有用手机同步过。")


@users.command("lost")
@click.argument("username")
@click.argument("phone", type=click.UUID)
def lost(username: str, phone: UUID) -> None:
    """Report a PHONE lost, by its id of `users phones`: its sessions end at once."""
    _carry_out(lambda session: report_lost(session, _account(session, username).id, phone, datetime.now(UTC)))
    click.echo(f"已报失 {username} 的手机：它已退出登录，下次联网时交回没有上传的记录并清空。")


def _account(session: Session, username: str) -> User:
    """The account. Raises Wrong."""
    user = find_user(session, username)
    if user is None:
        raise Wrong("user_not_found", f"没有用户 {username}")
    return user


@users.command("reread")
def reread() -> None:
    """Let every phone read its records anew. Do this after restoring a backup: phones that have read
    further than the backup would otherwise miss what is recorded next."""
    _carry_out(renew_access_versions)
    click.echo("所有手机下次同步时会重新读取全部记录。")

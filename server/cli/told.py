"""What goes wrong in a command is told in one sentence: a traceback says nothing to an administrator, and the
database's own message can quote what people typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import DBAPIError

from server.domain.refusals import Refusal, Wrong
from server.store.db import reading
from server.store.schema import is_known_schema, newest_schema, schema_of


@contextmanager
def _told(ctx: click.Context) -> Iterator[None]:
    """Raises click.ClickException."""
    try:
        yield
    except Wrong as wrong:
        raise click.ClickException(str(wrong)) from wrong
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from refusal
    except DBAPIError as error:
        with ctx.ensure_object(ScriptInfo).load_app().app_context():
            raise click.ClickException(_of_schema() or _of_error(error)) from None


def _of_schema() -> str | None:
    """What to do first, if the database has another schema than this code: whatever failed comes from that."""
    try:
        found = schema_of(reading())
    except DBAPIError as error:
        if type(error.orig).__name__ != "UndefinedTable" and not str(error.orig).startswith("no such table"):
            return None
        found = None
    if found == newest_schema():
        return None
    if found and not is_known_schema(found):
        return f"数据库的结构版本 {found} 不认识，没有改任何内容。请换回原来的程序，或换一个空的数据库。"
    return "数据库里还没有表，或不是这个版本的结构。请先运行：flask --app wsgi db upgrade"


def _of_error(error: DBAPIError) -> str:
    kind = type(error.orig).__name__
    return f"数据库没有接受（{kind}），什么都没有改。请检查数据库是否正常，内容里有没有看不见的符号。"


class Command(click.Command):
    """A command of ours."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run it."""
        with _told(ctx):
            return super().invoke(ctx)


class Group(AppGroup):
    """Commands of ours about one noun."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run one of them."""
        with _told(ctx):
            return super().invoke(ctx)

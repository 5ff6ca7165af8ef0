"""What goes wrong in a command is told in one sentence: a traceback says nothing to an administrator, and the
database's own message can quote what people typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from server.actions.accounts import Wrong

_NO_TABLES = frozenset({"UndefinedTable", "UndefinedColumn"})


@contextmanager
def _told() -> Iterator[None]:
    """Raises click.ClickException."""
    try:
        yield
    except Wrong as wrong:
        raise click.ClickException(str(wrong)) from wrong
    except DBAPIError as error:
        raise click.ClickException(_sentence(error.orig)) from None


def _sentence(error: BaseException | None) -> str:
    kind = type(error).__name__
    if kind in _NO_TABLES or str(error).startswith(("no such table", "no such column")):
        return "数据库里还没有表，或不是这个版本的结构。请先运行：flask --app wsgi db upgrade"
    return f"数据库没有接受（{kind}），什么都没有改。请检查数据库是否正常，内容里有没有看不见的符号。"


class Command(click.Command):
    """A command of ours."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run it."""
        with _told():
            return super().invoke(ctx)


class Group(AppGroup):
    """Commands of ours about one noun."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run one of them."""
        with _told():
            return super().invoke(ctx)

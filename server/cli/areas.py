"""`flask areas import FILE`."""

import csv
from typing import TextIO

import click
from flask.cli import AppGroup

from server.actions.accounts import Wrong, import_area
from server.cli.progress import progress
from server.store.db import writing

areas = AppGroup("areas", help="Divisions (区划).")
COLUMNS = {"code", "name", "level", "parent_code"}


@areas.command("import")
@click.argument("file", type=click.File(encoding="utf-8-sig"))
def import_areas(file: TextIO) -> None:
    """Import divisions from a CSV file (code,name,level,parent_code; parents first).

    All or nothing. Known divisions keep their records and are renamed if the name changed.
    """
    reader = csv.DictReader(file)
    if not set(reader.fieldnames or []) >= COLUMNS:
        raise click.ClickException(f"文件要有这些列：{','.join(sorted(COLUMNS))}")
    rows = list(reader)
    try:
        with writing() as session:
            for row in progress(rows, "导入区划"):
                import_area(session, row)
    except Wrong as wrong:
        raise click.ClickException(f"{wrong}。没有导入任何内容。") from wrong
    click.echo(f"已导入 {len(rows)} 个区划。")

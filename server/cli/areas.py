"""`flask areas import FILE`."""

from typing import BinaryIO

import click

from server.actions.areas import COLUMNS, import_area
from server.cli.progress import progress
from server.cli.told import Group
from server.domain.refusals import Wrong
from server.schemas.rows import read_rows
from server.store.db import writing

areas = Group("areas", help="Divisions (区划).")


@areas.command("import")
@click.argument("file", type=click.File("rb"))
def import_areas(file: BinaryIO) -> None:
    """Import divisions from a CSV file (code,name,level,parent_code; parents first).

    All or nothing. Known divisions keep their records and are renamed if the name changed.
    """
    rows = read_rows(file.read(), COLUMNS)
    try:
        with writing() as session:
            for row in progress(rows, "导入区划"):
                import_area(session, row)
    except Wrong as wrong:
        raise click.ClickException(f"{wrong}。没有导入任何内容。") from wrong
    click.echo(f"已导入 {len(rows)} 个区划。")

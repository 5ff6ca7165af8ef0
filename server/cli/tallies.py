"""`flask tallies recount`."""

import click

from server.actions.recount import Recounted, recount
from server.cli.told import Group
from server.store.db import reading
from server.store.uncounted import anything_uncounted

tallies = Group("tallies", help="What leaders read (统计).")


@tallies.command("recount")
@click.option("--if-needed", is_flag=True, help="Only if something was never counted.")
def recount_all(if_needed: bool) -> None:
    """Count everything again from the histories. Stop the server first. Needed once after an upgrade from before
    20261126; at other times it finds nothing to mend."""
    if if_needed and not anything_uncounted(reading()):
        click.echo("事项都统计过了，不用重新统计。")
        return
    done = Recounted(0, 0)
    for so_far in recount():
        done = so_far
    click.echo(f"已重新统计 {done.matters} 件事项，其中 {done.mended} 件与原来的不同，已改正。")

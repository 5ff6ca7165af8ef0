"""`flask units add|rename`."""

import click

from server.actions.units import add_named_unit, rename_named_unit
from server.cli.told import Group
from server.store.db import writing

units = Group("units", help="Units (单位) that can be responsible for a matter.")


@units.command("add")
@click.argument("name")
@click.option("--area", "area_code", required=True, help="Division code of the unit's area.")
def add(name: str, area_code: str) -> None:
    """Add a unit at an area (every township's government is there already)."""
    with writing() as session:
        add_named_unit(session, name, area_code)
    click.echo(f"已添加单位“{name}”。")


@units.command("rename")
@click.argument("name")
@click.argument("new_name")
def rename(name: str, new_name: str) -> None:
    """Rename a unit (NAME@CODE where several areas have one of that name); its matters stay with it."""
    with writing() as session:
        rename_named_unit(session, name, new_name)
    click.echo(f"已把单位“{name}”改名为“{new_name.strip()}”。")

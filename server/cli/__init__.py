"""The administrator's commands: `flask --app wsgi …`."""

from apiflask import APIFlask

from server.cli import areas, contract, demo, tallies, units, users


def init_app(app: APIFlask) -> None:
    """Add the commands."""
    for group in (areas.areas, tallies.tallies, units.units, users.users):
        app.cli.add_command(group)
    app.cli.add_command(demo.demo)
    app.cli.add_command(contract.contract)

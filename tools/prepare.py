"""Bring the database up to date and fill it the first time, before it is served: commands that could as well be given
one by one, but every start of flask takes a second or two."""

from flask.cli import cli

COMMANDS = ("db upgrade", "tallies recount --if-needed", "areas import data/divisions_wugang.csv", "demo")


def main() -> None:
    """Run them; the first that fails ends it, with its own words and exit code."""
    for command in COMMANDS:
        try:
            cli.main(["--app", "wsgi", *command.split()], prog_name="flask")
        except SystemExit as end:
            if end.code:
                raise


if __name__ == "__main__":
    main()

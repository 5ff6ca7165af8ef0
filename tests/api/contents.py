"""What a database holds, row by row, to see that nothing was written."""

from flask import Flask

from server.store.db import Base, reading

Contents = dict[str, list[str]]

SYNC_NOTES = ("devices", "mutations")
"""What a refused push leaves behind by right: that the phone was seen, and the receipt."""


def contents(app: Flask, *but: str) -> Contents:
    """Every row of every table, as stored (what is encrypted stays so), but for the tables named in `but`."""
    with app.app_context():
        connection = reading().connection()
        found = {
            table.name: sorted(map(repr, connection.exec_driver_sql(f"SELECT * FROM {table.name}")))
            for table in Base.metadata.sorted_tables
            if table.name not in but
        }
        reading().rollback()
    return found

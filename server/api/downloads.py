"""A file that is handed out: as it is now, under a name that says what it is."""

from typing import IO

from flask import Response, send_file

_TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def download(file: IO[bytes], name: str, ending: str) -> Response:
    """The answer that hands out `file` (csv or xlsx) to be saved, and lets nobody on the way keep it."""
    response = send_file(file, _TYPES[ending], as_attachment=True, download_name=f"{name}.{ending}")
    response.headers["Cache-Control"] = "no-store"  # send_file would let it be kept
    return response

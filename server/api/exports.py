"""What is on a leader's screen, as a file.

It is written to the disk first: its length is known, an error is answered as one, and nobody is handed half a list.
"""

from collections.abc import Callable
from contextlib import ExitStack
from os import SEEK_END
from tempfile import TemporaryFile
from typing import Any

from apiflask import APIBlueprint
from flask import Response

from server.actions.books import Book, open_book
from server.actions.exports import Made, export_matters, export_tally
from server.api.downloads import download
from server.api.tallies import narrowed, question_of
from server.api.who import having_role
from server.domain.access import Actor
from server.schemas.tallies import NarrowedQuerySchema, TallyQuerySchema
from server.store.db import reading, snapshot

bp = APIBlueprint("exports", __name__, url_prefix="/api/tallies", tag="tallies")


@bp.get("/export.csv", endpoint="get_tally_csv", defaults={"ending": "csv"})
@bp.get("/export.xlsx", endpoint="get_tally_xlsx", defaults={"ending": "xlsx"})
@having_role("leader")
@bp.input(TallyQuerySchema, location="query")
@bp.doc(responses=[404])
def get_tally_file(ending: str, actor: Actor, query_data: dict[str, Any]) -> Response:
    """The tables of a tally: one below the other as CSV, a sheet each as XLSX."""
    return _file(ending, lambda book: export_tally(snapshot(), actor, question_of(query_data), book))


@bp.get("/matters/export.csv", endpoint="get_matters_csv", defaults={"ending": "csv"})
@bp.get("/matters/export.xlsx", endpoint="get_matters_xlsx", defaults={"ending": "xlsx"})
@having_role("leader")
@bp.input(NarrowedQuerySchema, location="query")
@bp.doc(responses=[404])
def get_matters_file(ending: str, actor: Actor, query_data: dict[str, Any]) -> Response:
    """All the matters behind a number, without residents; X-Row-Count says how many."""
    narrow = narrowed(query_data)
    return _file(
        ending,
        lambda book: export_matters(reading(), actor, question_of(query_data), query_data["measure"], narrow, book),
    )


def _file(ending: str, write: Callable[[Book], Made]) -> Response:
    with ExitStack() as undo:
        file = undo.enter_context(TemporaryFile())
        book = open_book(ending, file)
        made = write(book)
        book.close()
        undo.pop_all()  # from here on the response closes it; without a name, it is gone then
    reading().rollback()  # whoever downloads slowly keeps no transaction open
    length = file.seek(0, SEEK_END)
    file.seek(0)
    response = download(file, made.name, ending)
    response.content_length = length
    response.headers["X-Row-Count"] = str(made.rows)
    return response

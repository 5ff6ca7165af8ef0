"""Rows of the CSV files that administrators bring: from a spreadsheet program, as it saves them."""

import csv
from collections.abc import Set
from io import StringIO
from typing import BinaryIO

import click


def read_rows(file: BinaryIO, columns: Set[str]) -> list[dict[str, str]]:
    """The rows of `file` (UTF-8, or GB 18030 as a Chinese Excel saves it), trimmed; a missing cell is empty.

    Raises click.ClickException if it is no such text or a column is missing.
    """
    data = file.read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError as error:
            raise click.ClickException("文件不是文本，请另存为 CSV UTF-8 后再导入。") from error
    reader = csv.DictReader(StringIO(text, newline=""), restkey="", restval="")
    if not set(reader.fieldnames or []) >= columns:
        raise click.ClickException(f"文件要有这些列：{','.join(sorted(columns))}")
    return [{column: cell.strip() for column, cell in row.items() if column} for row in reader]

"""Rows of the CSV files that administrators bring: from a spreadsheet program, as it saves them."""

import csv
import re
from collections.abc import Set
from io import StringIO

from server.domain.refusals import Wrong

_CONTROL_CHARACTERS = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]")
"""No name or code holds one, and PostgreSQL cannot even be asked for a NUL."""


def read_rows(data: bytes, columns: Set[str]) -> list[dict[str, str]]:
    """The rows of a file (UTF-8, or GB 18030 as a Chinese Excel saves it), trimmed; a missing cell is empty.

    Raises Wrong if it is no such text, a column is missing or a line cannot be read.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError as error:
            raise Wrong("file_unreadable", "文件不是文本，请另存为 CSV UTF-8 后再导入。", "file") from error
    if found := _CONTROL_CHARACTERS.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise Wrong("file_unreadable", f"第 {line} 行有看不见的控制字符，请删去后再导入。", "file")
    reader = csv.DictReader(StringIO(text, newline=""), restkey="", restval="")
    try:
        if not set(reader.fieldnames or []) >= columns:
            raise Wrong("file_columns", f"文件要有这些列：{','.join(sorted(columns))}", "file")
        return [{column: cell.strip() for column, cell in row.items() if column} for row in reader]
    except csv.Error as error:  # a cell of more than 131,072 characters
        line = reader.line_num + 1
        raise Wrong("file_unreadable", f"从第 {line} 行起读不懂，可能少了一个引号，请改正后再导入。", "file") from error

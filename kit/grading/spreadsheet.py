"""CSV files that people open, fill in and save with a spreadsheet: written and read in one way.

A spreadsheet may take a text for a formula, so that such a text gets an apostrophe before it, which
is taken off again where the file is read.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kit.errors import UsageError

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")  # what a spreadsheet may run
NUMBER = re.compile(r"-?\d+(\.\d+)?")
MOST = 32_000  # characters of a cell; spreadsheets end at 32,767


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula; a number is none."""
    return f"'{text}" if _is_formula(text) else text


def unguarded(text: str) -> str:
    """The text that was guarded, and any other as it is."""
    return text[1:] if text.startswith("'") and _is_formula(text[1:]) else text


def _is_formula(text: str) -> bool:
    return text.lstrip(" ").startswith(FORMULA) and not NUMBER.fullmatch(text)


def table(lines: Iterable[Sequence[str]]) -> str:
    """The text of a CSV; every cell is guarded, and what no spreadsheet could hold is cut."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    for line in lines:
        writer.writerow([guarded(_cut(cell)) for cell in line])
    return stream.getvalue()


def _cut(cell: str) -> str:
    return cell if len(cell) <= MOST else f"{cell[:MOST]} [cut here]"


def rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """The lines of a CSV with their place, empty ones left out; `needed` are its columns.

    Columns may be separated by semicolons. A needed cell is one line of text.

    Raises:
        UsageError: it cannot be read, or a line is no line of it.
    """
    lines = _lines(path)
    _, header = next(lines, (1, []))
    for column in needed:
        if column not in header:
            raise UsageError(f"{path}:1: the column '{column}' is missing")
    for number, cells in lines:
        where = f"{path}:{number}"
        row = dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))
        if not any(cell.strip() for cell in row.values()):
            continue
        for column in needed:
            if "\n" in row[column]:
                raise UsageError(
                    f"{where}: the cell of '{column}' goes on in the next line; "
                    "look for a quotation mark that is not closed"
                )
        if not row["student"].strip():
            raise UsageError(f"{where}: the student is missing")
        if len(cells) > len(header):
            raise UsageError(
                f"{where}: it has more cells than the header; quote a text with commas"
            )
        yield where, {column: unguarded(cell.strip()) for column, cell in row.items()}


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row, and the line that it begins in."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text ({error}); save it as CSV UTF-8") from None
    head = text.partition("\n")[0]
    separator = ";" if ";" in head and "," not in head else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UsageError(
                f"{path}:{number}: the row that begins here cannot be read ({error}); "
                "look for a quotation mark that is not closed or not doubled"
            ) from None
        yield number, cells

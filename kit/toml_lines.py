"""The line on which a key of a TOML file stands, which the standard parser does not tell.

Reads the plain layout that manifests have (one key a line, tables by header); for a key inside an
inline table or array it gives the line on which the outer key starts.
"""

import re
from collections.abc import Sequence

_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?")
_KEY = re.compile(r"^\s*([\w.\-]+)\s*=")


def line_of(text: str, keys: Sequence[str | int]) -> int:
    """The 1-based line of the longest known beginning of `keys`, such as ("question", 2, "points").

    1 if not even the first key is there.
    """
    lines = _lines_by_key(text)
    for end in range(len(keys), 0, -1):
        line = lines.get(tuple(keys[:end]))
        if line is not None:
            return line
    return 1


def _lines_by_key(text: str) -> dict[tuple[str | int, ...], int]:
    lines: dict[tuple[str | int, ...], int] = {}
    table: tuple[str | int, ...] = ()
    counts: dict[tuple[str | int, ...], int] = {}
    for number, content in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(content):
            table = _absolute(header[2].split("."), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                lines.setdefault(table, number)
                table = (*table, counts[table])
            lines.setdefault(table, number)
        elif key := _KEY.match(content):
            lines.setdefault((*table, *key[1].split(".")), number)
    return lines


def _absolute(names: list[str], counts: dict[tuple[str | int, ...], int]) -> tuple[str | int, ...]:
    """The path of a header, with the number of the current entry after each array of tables."""
    path: tuple[str | int, ...] = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path])
    return (*path, names[-1])

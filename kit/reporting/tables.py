"""Tables as booktabs tabulars, made by jinja2 with LaTeX delimiters; a missing name is an error.

They hold the rows only: the float, the caption and the label stand in the report's source. Cells
are LaTeX already (`number`, `tex` of this package make them), or numbers, which are formatted.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kit.errors import BuildError
from kit.experiments import Fact
from kit.reporting.escape import tex
from kit.reporting.facts import fact_number, number

if TYPE_CHECKING:
    from jinja2 import Environment

Cell = str | int | float | Fact | None
MISSING = "--"


@dataclass(frozen=True)
class Span:
    """A heading over `width` columns; empty text has no rule under it."""

    text: str
    width: int


@dataclass(frozen=True)
class Column:
    """A column of a table of rows: the key of each row, its heading in LaTeX, decimals, scale."""

    key: str
    heading: str
    digits: int = 4
    scale: float = 1.0


@functools.cache
def environment() -> "Environment":
    r"""The jinja2 environment for LaTeX: `\VAR{}`, `\BLOCK{}`; an undefined name raises."""
    import jinja2  # of the extra `report`: `kit --help` does without

    return jinja2.Environment(
        loader=jinja2.PackageLoader("kit.reporting"),
        undefined=jinja2.StrictUndefined,
        block_start_string=r"\BLOCK{",
        block_end_string="}",
        variable_start_string=r"\VAR{",
        variable_end_string="}",
        comment_start_string=r"\#{",
        comment_end_string="}",
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  this is LaTeX; every cell goes through `cell`
    )


def cell(value: Cell, digits: int = 2) -> str:
    """One cell in LaTeX; a fact brings its digits and spread (the heading has the unit)."""
    if value is None:
        return MISSING
    if isinstance(value, Fact):
        return fact_number(value).latex
    return value if isinstance(value, str) else number(value, digits).latex


def grid(
    header: Sequence[str],
    body: Sequence[Sequence[Cell]],
    *,
    align: str = "",
    totals: Sequence[Sequence[Cell]] = (),
    spans: Sequence[Span] = (),
) -> str:
    """A tabular with one header row.

    Args:
        header: LaTeX, one per column.
        body: the rows.
        align: LaTeX column letters; by default the first column left, the others right.
        totals: rows below a second rule.
        spans: headings above the header, their widths adding up to the number of columns.

    Raises:
        BuildError: a row has another number of cells than the header.
    """
    rows = [[cell(value) for value in row] for row in (*body, *totals)]
    for row in rows:
        if len(row) != len(header):
            raise BuildError(
                f"a table row has {len(row)} cells under {len(header)} headings: {row}"
            )
    return (
        environment()
        .get_template("grid.tex.j2")
        .render(
            header=header,
            body=rows[: len(body)],
            totals=rows[len(body) :],
            align=align or "l" + "r" * (len(header) - 1),
            spans=spans,
            rules=_rules(spans),
        )
    )


def _rules(spans: Sequence[Span]) -> list[str]:
    rules, first = [], 1
    for span in spans:
        if span.text:
            rules.append(f"{first}-{first + span.width - 1}")
        first += span.width
    return rules


def per_epoch(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], blocks: int = 1) -> str:
    """One line for every row of a history, folded into `blocks` blocks side by side."""
    cells = [[_value(row, column) for column in columns] for row in rows]
    height = -(-len(cells) // blocks) if cells else 0
    blocks = -(-len(cells) // height) if height else 1
    empty = [""] * len(columns)
    folded = [_across(cells, line, height, blocks, empty) for line in range(height)]
    align = "@{\\hspace{1.8em}}".join(["r" * len(columns)] * blocks)
    return grid([column.heading for column in columns] * blocks, folded, align=align)


def _across(
    cells: list[list[str]], line: int, height: int, blocks: int, empty: list[str]
) -> list[str]:
    places = [block * height + line for block in range(blocks)]
    return [c for place in places for c in (cells[place] if place < len(cells) else empty)]


def _value(row: Mapping[str, Any], column: Column) -> str:
    value = row.get(column.key)
    if value is None:
        return MISSING
    return number(
        value if isinstance(value, int) else float(value) * column.scale, column.digits
    ).latex


def side_by_side(
    histories: Mapping[str, Sequence[Mapping[str, Any]]],
    columns: Sequence[Column],
    key: str = "epoch",
) -> str:
    """The rows of several histories beside one another, matched on `key`, under their names."""
    values = sorted({row[key] for rows in histories.values() for row in rows})
    found = {name: {row[key]: row for row in rows} for name, rows in histories.items()}
    body = [
        [str(value)]
        + [_value(found[name].get(value, {}), column) for name in found for column in columns]
        for value in values
    ]
    spans = [Span("", 1)] + [Span(tex(name), len(columns)) for name in histories]
    align = "r" + "".join("@{\\hspace{1.4em}}" + "r" * len(columns) for _ in histories)
    header = [key.capitalize()] + [column.heading for column in columns] * len(histories)
    return grid(header, body, align=align, spans=spans)


def model_summary(summary: Mapping[str, Any]) -> str:
    """A network as layer, output shape and parameters, with its totals below.

    Args:
        summary: `layers` (each with name, type, shape and parameters), `trainable` and `total`.
    """
    body: list[list[Cell]] = [
        [tex(layer["type"]), _shape(layer["shape"]), int(layer["parameters"])]
        for layer in summary["layers"]
    ]
    total, trainable = int(summary["total"]), int(summary["trainable"])
    totals: list[list[Cell]] = [["Trainable", "", trainable]]
    if total != trainable:
        totals += [["Not trainable", "", total - trainable], ["Total", "", total]]
    return grid(["Layer", "Output", "Parameters"], body, align="llr", totals=totals)


def model_summaries(summaries: Mapping[str, Mapping[str, Any]]) -> str:
    """Networks of one shape beside one another: output and parameters of each layer."""
    networks = list(summaries.values())
    longest = max((network["layers"] for network in networks), key=len)
    body: list[list[Cell]] = []
    for place, layer in enumerate(longest):
        row: list[Cell] = [tex(layer["type"])]
        for network in networks:
            there = network["layers"][place : place + 1]
            row += [_shape(there[0]["shape"]), int(there[0]["parameters"])] if there else ["", ""]
        body.append(row)
    totals: list[list[Cell]] = [["Trainable"]]
    for network in networks:
        totals[0] += ["", int(network["trainable"])]
    spans = [Span("", 1), *(Span(tex(name), 2) for name in summaries)]
    header = ["Layer"] + ["Output", "Param."] * len(networks)
    return grid(header, body, totals=totals, spans=spans)


def _shape(sides: Sequence[int]) -> str:
    times = r" \times ".join(str(side) for side in sides)
    return rf"\ensuremath{{{times}}}"

"""Figures at their printed size: one style, colours that survive a grey printer, embedded fonts.

Every function returns a matplotlib Figure. An assignment's figures.py puts them together; nothing
here knows what is plotted.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from kit.errors import BuildError
from kit.reporting.figure_style import COLOURS, COLUMN, canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = np.ndarray[Any, Any]
Rows = Sequence[Mapping[str, Any]]


class Bar(NamedTuple):
    """The height of a bar and the half-length of its error bar, if it has one."""

    value: float
    spread: float | None = None


class Panel(NamedTuple):
    """One set of axes of curves: its label and the lines, as label -> (x, y) or (x, y, spread)."""

    ylabel: str
    lines: Mapping[str, Sequence[Sequence[float]]]
    log: bool = False


def lines_of(
    rows: Rows, columns: Mapping[str, str], scale: float = 1.0
) -> dict[str, list[list[float]]]:
    """The lines of one history: `columns` maps a label to the key of its values."""
    epochs = [float(row["epoch"]) for row in rows]
    return {
        label: [epochs, [float(row[key]) * scale for row in rows]] for label, key in columns.items()
    }


def mean_lines(
    histories: Sequence[Rows], columns: Mapping[str, str], scale: float = 1.0
) -> dict[str, list[list[float]]]:
    """The same over several histories: mean, and standard deviation as a band."""
    length = min(len(rows) for rows in histories)
    epochs = [float(row["epoch"]) for row in histories[0][:length]]
    lines = {}
    for label, key in columns.items():
        values = (
            np.array([[float(row[key]) for row in rows[:length]] for rows in histories]) * scale
        )
        spread = values.std(axis=0, ddof=1) if len(histories) > 1 else np.zeros(length)
        lines[label] = [epochs, values.mean(axis=0).tolist(), spread.tolist()]
    return lines


def curves(
    panels: Sequence[Panel], xlabel: str = "epoch", width: float = COLUMN, height: float = 1.75
) -> "Figure":
    """Line plots beside one another."""
    from matplotlib.ticker import MaxNLocator

    figure = canvas(width, height)
    for index, panel in enumerate(panels):
        axes = figure.add_subplot(1, len(panels), index + 1)
        for label, line in panel.lines.items():
            marker = "o" if len(line[0]) <= 12 else None
            axes.plot(line[0], line[1], label=label, marker=marker, markersize=2.2)
            if len(line) > 2 and any(line[2]):
                low, high = np.subtract(line[1], line[2]), np.add(line[1], line[2])
                axes.fill_between(line[0], low, high, alpha=0.2, linewidth=0)
        axes.set_xlabel(xlabel)
        axes.set_ylabel(panel.ylabel)
        if panel.log:
            axes.set_yscale("log")
        axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
        if len(panel.lines) > 1 and len({tuple(panel.lines) for panel in panels}) > 1:
            axes.legend(handlelength=1.8, borderaxespad=0.2)
    return _shared_legend(figure, panels)


def _shared_legend(figure: "Figure", panels: Sequence[Panel]) -> "Figure":
    """One legend above panels of the same lines, where it hides none of them."""
    if len({tuple(panel.lines) for panel in panels}) == 1 and len(panels[0].lines) > 1:
        handles, labels = figure.axes[0].get_legend_handles_labels()
        columns = len(labels) if len(panels) > 2 else 2
        figure.legend(handles, labels, loc="outside upper center", ncols=columns, handlelength=2.2)
    return figure


def confusion(
    matrices: Mapping[str, Array], classes: Sequence[str] | None = None, width: float = COLUMN
) -> "Figure":
    """Confusion matrices beside one another: rows are true classes, colour the row's share."""
    count = len(matrices)
    figure = canvas(width, width / count * (1.0 if count == 1 else 1.12) + 0.1)
    for index, (title, matrix) in enumerate(matrices.items()):
        axes = figure.add_subplot(1, count, index + 1)
        _draw_confusion(axes, np.asarray(matrix), 5.2 if count > 1 else 6.5)
        names = list(classes or map(str, range(len(matrix))))
        long = max(map(len, names)) > 2
        axes.set_xticks(
            range(len(names)), names, rotation=60 if long else 0, ha="right" if long else "center"
        )
        axes.set_yticks(range(len(names)), names if index == 0 or not long else [])
        axes.set_xlabel("predicted")
        axes.set_ylabel("true" if index == 0 else "")
        if title:
            axes.set_title(title)
    return figure


def _draw_confusion(axes: "Axes", matrix: Array, size: float) -> None:
    share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    axes.imshow(share**0.5, cmap="Blues", vmin=0, vmax=1)  # the root makes rare mistakes visible
    axes.grid(visible=False)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(True)
    for (row, column), value in np.ndenumerate(matrix):
        if value:
            colour = "white" if share[row, column] > 0.36 else "black"
            axes.text(
                column, row, str(value), ha="center", va="center", fontsize=size, color=colour
            )


class Spectrum(NamedTuple):
    """A matrix's energy kept at `ranks`, and all its singular values where they are known."""

    ranks: Sequence[int]
    energy: Sequence[float]
    values: Sequence[float] = ()


def spectra(spectra: Mapping[str, Spectrum], width: float = COLUMN) -> "Figure":
    """Energy kept by rank with marks at the ranks used; beside it the singular values, if known."""
    figure = canvas(width, 1.8)
    known = all(len(spectrum.values) for spectrum in spectra.values())
    right = figure.add_subplot(1, 2 if known else 1, 2 if known else 1)
    for (name, spectrum), colour in zip(spectra.items(), COLOURS, strict=False):
        style: dict[str, Any] = {"color": colour, "linestyle": "-"}
        ranks, energy = [*spectrum.ranks], [*spectrum.energy]
        right.plot(ranks, energy, color=colour, linestyle="", marker="o", markersize=3)
        if known:
            values = np.asarray(spectrum.values, dtype=float)
            index = np.arange(1, len(values) + 1)
            right.plot(index, np.cumsum(values**2) / np.sum(values**2), label=name, **style)
            left = figure.add_subplot(1, 2, 1) if len(figure.axes) == 1 else figure.axes[1]
            left.plot(index, values / values[0], label=name, **style)
            left.set(xscale="log", xlabel="rank", ylabel=r"$\sigma_i / \sigma_1$")
        else:
            right.plot(
                *zip(*sorted(zip(ranks, energy, strict=True)), strict=True), label=name, **style
            )
    right.set(xscale="log", xlabel="rank", ylabel="energy kept", ylim=(0, 1.05))
    right.legend(loc="lower right", handlelength=1.2, borderaxespad=0.2)
    return figure


def bars(
    groups: Mapping[str, Mapping[str, Bar]],
    ylabel: str,
    line: tuple[str, float] | None = None,
    width: float = COLUMN,
) -> "Figure":
    """Grouped bars with error bars, group -> label -> Bar; `line` is a labelled level."""
    figure = canvas(width, 1.9)
    axes = figure.add_subplot(1, 1, 1)
    labels = list(dict.fromkeys(label for group in groups.values() for label in group))
    thickness = 0.8 / max(len(labels), 1)
    for index, label in enumerate(labels):
        offset = (index - (len(labels) - 1) / 2) * thickness
        places = [(i + offset, g[label]) for i, g in enumerate(groups.values()) if label in g]
        axes.bar(
            [place for place, _ in places],
            [bar.value for _, bar in places],
            thickness * 0.92,
            yerr=[bar.spread or 0.0 for _, bar in places]
            if any(b.spread for _, b in places)
            else None,
            error_kw={"linewidth": 0.7, "capsize": 1.5},
            label=label,
            color=COLOURS[index],
        )
    if line:
        axes.axhline(line[1], color="black", linewidth=0.8, linestyle="--", label=line[0])
    axes.set_xticks(range(len(groups)), list(groups))
    axes.grid(visible=False, axis="x")
    axes.set_ylabel(ylabel)
    axes.legend(
        ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1.0), handlelength=1.2, columnspacing=1.0
    )
    return figure


def mosaic(
    rows: Mapping[str, Array],
    limits: tuple[float, float] = (-1.0, 1.0),
    width: float = COLUMN,
    gap: int = 2,
) -> "Figure":
    """Image strips under one another, each with its label at the left; grey images (n, h, w[, 1]).

    Raises:
        BuildError: there is no image.
    """
    strips = {label: _squeeze(images) for label, images in rows.items() if len(images)}
    if not strips:
        raise BuildError("a figure of sample images has no image in it")
    height, side = next(iter(strips.values())).shape[1:3]
    columns = max(len(images) for images in strips.values())
    sheet = np.full((len(strips) * (height + gap) - gap, columns * (side + gap) - gap), np.nan)
    for row, images in enumerate(strips.values()):
        for column, image in enumerate(images):
            top, left = row * (height + gap), column * (side + gap)
            sheet[top : top + height, left : left + side] = image
    margin = 0.1 + 0.055 * max(map(len, strips))
    figure = canvas(width, (width - margin) * sheet.shape[0] / sheet.shape[1] + 0.06)
    axes = figure.add_subplot(1, 1, 1)
    axes.imshow(sheet, cmap="gray", vmin=limits[0], vmax=limits[1], interpolation="nearest")
    axes.set_yticks([row * (height + gap) + height / 2 for row in range(len(strips))], list(strips))
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return figure


def _squeeze(images: Array) -> Array:
    images = np.asarray(images, dtype=float)
    return images[..., 0] if images.ndim == 4 else images


def histogram(
    counts: Mapping[str, Sequence[float]],
    classes: Sequence[str],
    ylabel: str,
    width: float = COLUMN,
) -> "Figure":
    """Shares per class as bars, one colour per label, with the uniform share as a line."""
    groups = {
        name: {label: Bar(float(values[i])) for label, values in counts.items()}
        for i, name in enumerate(classes)
    }
    figure = bars(groups, ylabel, ("uniform", 1.0 / len(classes)), width)
    if max(map(len, classes)) > 3:
        figure.axes[0].tick_params(axis="x", rotation=40)
    return figure

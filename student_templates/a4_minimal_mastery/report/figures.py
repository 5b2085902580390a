"""The report's figures and tables, of whichever parts have results; the text stands in the .tex.

Their names are those that the sources give to kitfigure and kittable. Every number comes from a run
or a fact.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from kit.experiments import beside
from kit.experiments.results import Results
from kit.reporting import figures as draw
from kit.reporting import tables as tabular
from kit.reporting.figure_style import canvas

diagrams = beside(__file__, "diagrams")
TEXT = 5.5  # inches, the width of the text
MODELS = {"sum": "sum of digits", "set": "sum of features", "plain": "plain network"}
GAP = 2  # pixels between two images of a sheet


def figures(results: Results) -> dict[str, Any]:
    """Every figure, by name."""
    found: dict[str, Any] = {}
    if "classifier" in results.parts:
        found |= dict(_classifier_figures(results))
    if "generator" in results.parts:
        found |= dict(_generator_figures(results))
    return found


def tables(results: Results) -> dict[str, str]:
    """Every table, by name."""
    found: dict[str, str] = {}
    if "classifier" in results.parts:
        found["classifier"] = _classifier_table(results)
    if "generator" in results.parts:
        found["generator"] = _generator_table(results)
    return found


def _models(results: Results) -> dict[str, str]:
    """The models that were run, with their labels."""
    run = results.config["classifier"]["models"]
    return {model: label for model, label in MODELS.items() if model in run}


def _classifier_figures(results: Results) -> Iterator[tuple[str, Any]]:
    parameters = f"{int(results.facts['classifier.sum.parameters'].value):,} parameters"
    yield "classifier", diagrams.classifier(parameters)
    panels = []
    for split in ("train", "test"):
        lines: dict[str, Any] = {}
        for model, label in _models(results).items():
            rows = [results.runs[f"{model}-{s}"].history for s in results.config["seeds"]]
            steps = [float(row["step"]) for row in rows[0]]
            _, *values = draw.mean_lines(rows, {label: f"{split}_accuracy"}, 100)[label]
            lines[label] = [steps, *values]
        name = {"train": "training", "test": "test"}[split]
        panels.append(draw.Panel(f"{name} accuracy (%)", lines))
    figure = draw.curves(panels, "optimisation step", TEXT, 1.75)
    yield "accuracy", figure


def _classifier_table(results: Results) -> str:
    header = ["Model", "Parameters", "Loss", "Training", "Validation", "Test", "Gap"]
    names = (
        "parameters",
        "train_loss",
        "train_accuracy",
        "validation_accuracy",
        "test_accuracy",
        "gap",
    )
    body: list[list[tabular.Cell]] = [
        [label, *(results.facts[f"classifier.{model}.{name}"] for name in names)]
        for model, label in _models(results).items()
    ]
    totals: list[list[tabular.Cell]] = []
    for model, label in _models(results).items():
        row: list[tabular.Cell] = [f"{label}, per mini-batch", "", ""]
        row += [
            results.facts[f"classifier.{model}.{split}_batches"]
            for split in ("train", "validation", "test")
        ]
        totals.append([*row, ""])
    return tabular.grid(header, body, totals=totals)


def _generator_figures(results: Results) -> Iterator[tuple[str, Any]]:
    g = results.config["generator"]
    parameters = f"{int(results.facts['generator.parameters'].value):,}"
    yield "unet", diagrams.unet(g["size"], g["channels"], parameters)
    drawn = results.runs["samples"]
    batch, rows = drawn.array("grid"), drawn.array("rows")
    sheets = (_sheet(batch.reshape(8, 8, *batch.shape[1:])), _sheet(rows))
    figure = canvas(TEXT, 2.68)
    for place, sheet in enumerate(sheets, 1):
        _show(figure.add_subplot(1, 2, place), sheet)
    yield "samples", figure
    near = results.runs["scores"].array("neighbours")
    sheet = _sheet(np.stack([batch[: len(near)], near]))
    figure = canvas(TEXT, TEXT * sheet.shape[0] / sheet.shape[1])
    _show(figure.add_subplot(1, 1, 1), sheet)
    yield "neighbours", figure


def _sheet(images: np.ndarray) -> np.ndarray:
    """Images (rows, columns, s, s, 3) uint8 as one picture, white between them."""
    down, across, side = images.shape[:3]
    step = side + GAP
    sheet = np.full((down * step - GAP, across * step - GAP, 3), 255, np.uint8)
    for row, column in np.ndindex(down, across):
        place = images[row, column]
        sheet[row * step : row * step + side, column * step : column * step + side] = place
    return sheet


def _show(axes: Any, sheet: np.ndarray) -> None:
    axes.imshow(sheet, interpolation="nearest")
    axes.set_axis_off()


def _generator_table(results: Results) -> str:
    facts = results.facts
    header = ["Images", "Distance", r"Class seen (\%)", "Nearest", "Apart"]
    body: list[list[tabular.Cell]] = [
        [
            "samples of the network",
            facts["generator.distance"],
            facts["generator.agreement"],
            facts["generator.made.neighbour"],
            facts["generator.made.apart"],
        ],
        [
            "a Gaussian per class",
            facts["generator.gaussian.distance"],
            facts["generator.gaussian.agreement"],
            facts["generator.gaussian.neighbour"],
            facts["generator.gaussian.apart"],
        ],
        ["real images", facts["generator.floor"], facts["generator.judge_accuracy"], 1.0, 1.0],
    ]
    return tabular.grid(header, body)

"""Figures and tables of question 1: weights as images, eigenfaces, reconstructions, masks."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from kit.experiments import Run, beside
from kit.experiments.results import Results
from kit.reporting import figures as draw
from kit.reporting import tables as tabular
from kit.reporting.figure_style import canvas

TEXT = 6.3  # inches: the width of the text in the style
GREY = (0.0, 255.0)
recovery = beside(__file__, "recovery_experiments")
UNITS, SHARES, SIGMAS = recovery.faces.UNITS, recovery.SHARES, recovery.SIGMAS
NAMES = {
    "input": "zeros, untouched",
    "mean": "mean face in the gaps",
    "zeroed": "network on zeros",
    "rescaled": "network, rescaled",
    "filled": "network, mean filled in",
    "denoiser": "denoising network",
    "gappy": "gappy PCA",
}


def figures(results: Results) -> Iterator[tuple[str, Any]]:
    """The figures of the faces, if there are any."""
    if "faces" not in results.parts:
        return
    yield "ae_curves", draw.curves([_loss_panel(results, n) for n in UNITS], width=TEXT, height=2.1)
    first = results.config["seeds"][0]
    few, many = (results.runs[f"ae-{units}-{first}"] for units in UNITS)
    yield "weights_16", draw.mosaic(_snapshots(few), GREY, width=TEXT)
    yield "weights_64", _sheets(_snapshots(many))
    yield "weights_parts", draw.mosaic(_parts(results), GREY, width=TEXT)
    linear = results.runs[f"eigenfaces-{UNITS[1]}"]
    faces = linear.array("eigenfaces")
    rows = {"mean": linear.array("mean")}
    rows |= {f"{first + 1}": faces[first : first + 16] for first in range(0, len(faces), 16)}
    yield "eigenfaces", draw.mosaic(rows, GREY, width=TEXT)
    yield "samples", draw.mosaic(_samples(results, first), GREY, width=TEXT)
    yield "angles", draw.curves([_angle_panel(results, n) for n in UNITS], "number", TEXT, 1.9)
    panels = [_mask_panel(results, units) for units in UNITS]
    yield "masked", draw.curves(panels, "pixels missing (%)", TEXT, 2.5)
    for units in UNITS:
        shown = results.runs[f"recover-{units}-{first}"]
        rows = {"original": linear.array("originals")}
        rows |= {
            name: shown.array(f"shown-{method}")
            for method, name in NAMES.items()
            if method != "mean"
        }
        yield f"masked_{units}", draw.mosaic(rows, GREY, width=TEXT)


def _loss_panel(results: Results, units: int) -> draw.Panel:
    nets = [results.runs[f"ae-{units}-{seed}"] for seed in results.config["seeds"]]
    lines: dict[str, Any] = draw.mean_lines([run.history for run in nets], {"network": "loss"}, 1e3)
    raw = results.runs[f"ae-raw-{units}"].history
    lines |= draw.lines_of(raw, {"network on raw pixels": "loss"}, 1e3)
    ends = [float(nets[0].history[0]["epoch"]), float(nets[0].history[-1]["epoch"])]
    for label, name in (("bound (eigenfaces)", "bound"), ("mean face alone", "variance")):
        level = float(results.facts[f"faces.{units}.{name}"].value)
        lines[label] = [ends, [level, level]]
    return draw.Panel(rf"$n={units}$: loss $\times10^3$", lines, log=True)


def _snapshots(run: Run) -> dict[str, Any]:
    names = sorted(name for name in run.arrays if name.startswith("weights-"))
    return {str(int(name.removeprefix("weights-"))): run.array(name) for name in names}


def _parts(results: Results) -> dict[str, Any]:
    """The first sixteen hidden units: weights in, the part of these that faces can see, out."""
    names = {"whole": "$W_1$", "inside": "seen of $W_1$", "second": "$W_2$"}
    return {
        f"{label}, {units}": results.runs[f"views-{units}"].array(name)[: UNITS[0]]
        for units in UNITS
        for name, label in names.items()
    }


def _sheets(snapshots: dict[str, Any], across: int = 3, gap: int = 2) -> Any:
    """The images of each snapshot as a square sheet, the sheets beside and under one another."""
    down = -(-len(snapshots) // across)
    figure = canvas(TEXT, down * (TEXT / across + 0.14))
    for place, (label, images) in enumerate(snapshots.items(), 1):
        side = round(len(images) ** 0.5)
        height = images.shape[1] + gap
        sheet = np.full((side * height - gap, side * height - gap), np.nan)
        for index, image in enumerate(images):
            top, left = index // side * height, index % side * height
            sheet[top : top + height - gap, left : left + height - gap] = image
        axes = figure.add_subplot(down, across, place)
        axes.imshow(sheet, cmap="gray", vmin=GREY[0], vmax=GREY[1], interpolation="antialiased")
        axes.set_title(f"epoch {label}")
        axes.set_axis_off()
    return figure


def _samples(results: Results, seed: int) -> dict[str, Any]:
    rows = {"original": results.runs[f"eigenfaces-{UNITS[0]}"].array("originals")}
    for units in UNITS:
        rows[f"network, {units}"] = results.runs[f"ae-{units}-{seed}"].array("samples")
        rows[f"eigenfaces, {units}"] = results.runs[f"eigenfaces-{units}"].array("samples")
        rows[f"raw pixels, {units}"] = results.runs[f"ae-raw-{units}"].array("samples")
    return rows


def _angle_panel(results: Results, units: int) -> draw.Panel:
    lines = {}
    for seed in results.config["seeds"]:
        angles = results.runs[f"recover-{units}-{seed}"].result["angles"]
        lines[f"seed {seed}"] = [[float(i) for i in range(1, units + 1)], angles]
    return draw.Panel(rf"$n={units}$: angle (degrees)", lines)


def _mask_panel(results: Results, units: int) -> draw.Panel:
    lines = {}
    for method, name in NAMES.items():
        if method == "input":
            continue
        stated = [results.facts[f"faces.{units}.mask.{share}.{method}.missing"] for share in SHARES]
        lines[name] = [
            [float(share) for share in SHARES],
            [float(fact.value) for fact in stated],
            [fact.spread or 0.0 for fact in stated],
        ]
    return draw.Panel(rf"$n={units}$: error of missing pixels $\times10^3$", lines, log=True)


def tables(results: Results) -> Iterator[tuple[str, str]]:
    """The tables of the faces, if there are any."""
    if "faces" not in results.parts:
        return
    facts = results.facts
    names = ("parameters", "rate", "loss", "bound", "ratio", "test", "pca_test", "dead")
    header = ["$n$", "Parameters", "Rate", "Loss", "Bound", "Ratio", "Network", "Eigenfaces"]
    spans = [tabular.Span("", 3), tabular.Span(r"Training faces ($\times10^{-3}$)", 2)]
    spans += [tabular.Span("", 1), tabular.Span(r"Test faces ($\times10^{-3}$)", 2)]
    body = [[str(n), *(facts[f"faces.{n}.{name}"] for name in names)] for n in UNITS]
    spans.append(tabular.Span("", 1))
    yield "autoencoders", tabular.grid([*header, "Dead units"], body, spans=spans)
    yield "ae_trials", _trials(results)
    for units in UNITS:
        yield f"masked_{units}", _masked(results, units)
    yield "noisy", _noisy(results)


def _trials(results: Results) -> str:
    """What each rate left of held-out faces, in thousandths."""
    rates = sorted(
        {run.params["rate"] for name, run in results.runs.items() if name.startswith("tune-ae-")}
    )
    if not rates:
        return "No rates were tried at this size: that of the configuration was used.\n"
    body: list[list[tabular.Cell]] = [
        [str(units), *(results.facts[f"faces.tune-ae-{units}-{rate:g}"] for rate in rates)]
        for units in UNITS
    ]
    return tabular.grid(["$n$", *(f"${rate:g}$" for rate in rates)], body)


def _masked(results: Results, units: int) -> str:
    def cell(share: int, method: str, pixels: str) -> tabular.Cell:
        return results.facts[f"faces.{units}.mask.{share}.{method}.{pixels}"]

    pairs = [(share, pixels) for share in SHARES for pixels in ("all", "missing")]
    body: list[list[tabular.Cell]] = [
        [name, *(cell(share, method, pixels) for share, pixels in pairs)]
        for method, name in NAMES.items()
    ]
    spans = [tabular.Span("", 1), *(tabular.Span(rf"{share}\,\% missing", 2) for share in SHARES)]
    return tabular.grid(["", *["all", "missing"] * len(SHARES)], body, spans=spans)


def _noisy(results: Results) -> str:
    header = ["Noise", *["input", "network", "denoising", "eigenfaces"] * len(UNITS)]
    body: list[list[tabular.Cell]] = []
    for sigma in SIGMAS:
        row: list[tabular.Cell] = [rf"{sigma}\,\%"]
        for units in UNITS:
            name = f"faces.{units}.noise.{sigma}"
            row += [results.facts[f"{name}.{method}"] for method in recovery.NOISE_METHODS]
        body.append(row)
    spans = [tabular.Span("", 1), *(tabular.Span(f"$n={units}$", 4) for units in UNITS)]
    return tabular.grid(header, body, spans=spans)

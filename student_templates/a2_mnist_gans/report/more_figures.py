"""Figures and tables of the retraining and of the bonus."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from kit.experiments.results import Results
from kit.reporting import figures as draw
from kit.reporting import tables as tabular
from kit.reporting.figure_style import COLOURS, COLUMN, PAGE, canvas

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GREY = (0.0, 255.0)
FEW = {
    "real": "real alone",
    "shifted": "real, shifted",
    "own-mix": "own GAN, mixed",
    "own-filter": "own GAN, filtered",
    "own-pretrain": "own GAN, first",
    "all-mix": "lent GAN, mixed",
    "all-filter": "lent GAN, filtered",
    "all-pretrain": "lent GAN, first",
}


def figures(results: Results) -> Iterator[tuple[str, Any]]:
    """Those of the parts that are there."""
    if "retraining" in results.parts:
        yield "retraining_few", _few(results)
        yield "retraining_samples", draw.mosaic(dict(_few_samples(results)), GREY)
    if "bonus" in results.parts:
        yield "bonus_embedding", _embedding(results)
        yield "bonus_confidence", _confidence(results)
        rows = {
            "plain": results.runs["cgan-base"].array("grid")[:10],
            "guided": results.runs["guided"].array("grid")[:10],
        }
        reference = results.runs["reference"]
        for name in sorted(reference.arrays):
            if name.startswith("pca-"):
                rows[name.replace("pca-", "PCA ")] = reference.array(name)[:10]
        yield "bonus_samples", draw.mosaic(dict(sorted(rows.items(), key=_place)), GREY)


def _place(row: tuple[str, Any]) -> tuple[int, int]:
    """Networks first, then PCA by its number of components."""
    name = row[0]
    return (1, int(name.removeprefix("PCA "))) if name.startswith("PCA") else (0, 0)


def _counts(results: Results) -> list[int]:
    return [int(count) for count in results.config["retraining"]["few"]["counts"]]


def _few(results: Results) -> "Figure":
    groups = {}
    for count in _counts(results):
        stated = {
            label: results.facts[f"retraining.few{count}.{arm}"] for arm, label in FEW.items()
        }
        groups[f"{count} labels per class"] = {
            label: draw.Bar(float(fact.value), fact.spread) for label, fact in stated.items()
        }
    figure = draw.canvas(COLUMN, 2.4)
    axes = figure.add_subplot(1, 1, 1)
    thickness = 0.8 / len(groups)
    places = np.arange(len(FEW))
    for index, (name, bars) in enumerate(groups.items()):
        axes.barh(
            places + (index - (len(groups) - 1) / 2) * thickness,
            [bar.value for bar in bars.values()],
            thickness * 0.92,
            xerr=[bar.spread or 0.0 for bar in bars.values()],
            error_kw={"linewidth": 0.7, "capsize": 1.5},
            label=name,
            color=COLOURS[index],
        )
    axes.set_yticks(places, list(FEW.values()))
    axes.invert_yaxis()
    axes.set_xlabel("test accuracy (%)")
    axes.grid(visible=False, axis="y")
    figure.legend(loc="outside upper center", ncols=len(groups), handlelength=1.2)
    return figure


def _few_samples(results: Results) -> Iterator[tuple[str, Any]]:
    for count in _counts(results):
        seed = results.config["retraining"]["few"]["seeds"][0]
        yield f"own {count}", results.runs[f"few-{count}-{seed}"].array("own-images")
    yield "lent", results.runs[f"few-{count}-{seed}"].array("all-images")


def _embedding(results: Results) -> "Figure":
    """Both projections: digits in colour and as numerals, generated ones as filled marks."""
    from matplotlib import colormaps

    run = results.runs["embedding"]
    labels, colours = run.array("labels"), colormaps["tab10"]
    real = np.arange(len(labels)) < len(labels) // 2
    figure = canvas(PAGE, 2.2)
    for place, (name, title) in enumerate((("tsne", "t-SNE"), ("pca", "PCA")), 1):
        axes, points = figure.add_subplot(1, 2, place), run.array(name)
        for digit in range(10):
            for own, marker, face in ((real, "o", "none"), (~real, "^", None)):
                chosen = own & (labels == digit)
                axes.scatter(
                    points[chosen, 0],
                    points[chosen, 1],
                    s=14,
                    marker=marker,
                    linewidths=0.7,
                    edgecolors=[colours(digit)],
                    facecolors="none" if face else [colours(digit)],
                )
            middle = np.median(points[labels == digit], axis=0)
            axes.text(*middle, str(digit), fontsize=9, weight="bold", ha="center", va="center")
        axes.set_title(title)
        axes.set_xticks([])
        axes.set_yticks([])
    marks = [
        figure.axes[0].scatter([], [], marker="o", facecolors="none", edgecolors="black", s=14),
        figure.axes[0].scatter([], [], marker="^", color="black", s=14),
    ]
    figure.legend(marks, ["real", "generated"], loc="outside lower center", ncols=2)
    return figure


def _confidence(results: Results) -> "Figure":
    run = results.runs["embedding"]
    values = run.array("confidences")
    half = len(values) // 2
    figure = canvas(COLUMN, 1.25)
    edges = np.linspace(min(0.5, float(values.min())), 1.0, 21)
    for place, (title, part) in enumerate(
        (("real", values[:half]), ("generated", values[half:])), 1
    ):
        axes = figure.add_subplot(1, 2, place, sharey=figure.axes[0] if place > 1 else None)
        axes.hist(np.clip(part, edges[0], 1.0), edges, color=COLOURS[place - 1])
        axes.set_title(title)
        axes.set_xlabel("confidence")
        axes.set_yscale("symlog", linthresh=1)
        if place == 1:
            axes.set_ylabel("images")
    return figure


def tables(results: Results) -> Iterator[tuple[str, str]]:
    """Those of the parts that are there."""
    if "retraining" in results.parts:
        yield "retraining_grid", _grid(results)
        yield "retraining_strategies", _strategies(results)
        yield "retraining_few", _few_table(results)
    if "bonus" in results.parts:
        yield "bonus_scores", _bonus(results)


def _percent(portion: float) -> int:
    return round(100 * portion)


def _grid(results: Results) -> str:
    p, facts = results.config["retraining"]["grid"], results.facts
    header = ["Real", *(rf"{_percent(s)}\,\%" for s in p["synthetic"])]
    body: list[list[tabular.Cell]] = []
    for real in p["real"]:
        names = [f"retraining.mix.r{_percent(real)}.s{_percent(s)}" for s in p["synthetic"]]
        body.append([rf"{_percent(real)}\,\%", *(facts[name] for name in names)])
    only = facts["retraining.mix.r0.s100"]
    body.append(["none", *([None] * (len(p["synthetic"]) - 1)), only])
    spans = [tabular.Span("", 1), tabular.Span("Synthetic", len(p["synthetic"]))]
    return tabular.grid(header, body, spans=spans)


def _strategies(results: Results) -> str:
    p, facts = results.config["retraining"]["grid"], results.facts
    body: list[list[tabular.Cell]] = []
    for real in p["strategies"]:
        cells = [facts[f"retraining.mix.r{_percent(real)}.s0"]]
        cells += [
            facts[f"retraining.{how}.r{_percent(real)}.s100"]
            for how in ("mix", "filter", "pretrain")
        ]
        body.append([rf"{_percent(real)}\,\%", *cells])
    return tabular.grid(["Real", "Alone", "Mixed", "Filtered", "First"], body)


def _few_table(results: Results) -> str:
    facts, counts = results.facts, _counts(results)
    body: list[list[tabular.Cell]] = []
    for arm, label in FEW.items():
        row: list[tabular.Cell] = [label]
        for count in counts:
            name = f"retraining.few{count}.{arm}"
            row += [facts[name], facts[f"{name}.used"] if "-" in arm else None]
        body.append(row)
    spans = [tabular.Span("", 1), *(tabular.Span(f"{count} per class", 2) for count in counts)]
    header = ["", *([r"Acc.\,\%", "Synth."] * len(counts))]
    return tabular.grid(header, body, spans=spans)


def _bonus(results: Results) -> str:
    facts = results.facts
    columns = ("distance", "score", "success", "recall", "coverage", "total_variation")
    names = sorted({n.split(".")[1] for n in facts if n.startswith("bonus.pca")} - {"pca"})
    names = [n for n in names if n.removeprefix("pca").isdigit()]
    rows = [("plain", "CGAN, base"), ("guided", "CGAN, guided")]
    rows += [
        (name, f"PCA, {name.removeprefix('pca')} components")
        for name in sorted(names, key=lambda n: int(n.removeprefix("pca")))
    ]
    rows.append(("real", "real images"))
    body: list[list[tabular.Cell]] = []
    for name, label in rows:
        cells = [facts.get(f"bonus.{name}.{column}") for column in columns]
        body.append([label, *cells, facts.get(f"bonus.{name}.guide_success")])
    header = ["", "FD", "IS", r"Succ.\,\%", "Rec.", "Cov.", "TV", r"Guide\,\%"]
    return tabular.grid(header, body)

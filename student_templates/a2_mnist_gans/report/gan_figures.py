"""Figures and tables of the DCGAN, the CGAN and the metrics."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from kit.experiments import Run, beside
from kit.experiments.results import Results
from kit.reporting import figures as draw
from kit.reporting import tables as tabular

named = beside(__file__, "gan_facts")
KINDS = ("dcgan", "cgan")
CHANGES = named.CHANGES
LONG = "cgan-long"
GREY = (0.0, 255.0)
SHORT = ("distance", "score", "success", "precision", "recall", "coverage", "total_variation")
HEADS = {
    "distance": "FD",
    "score": "IS",
    "success": r"Succ.\,\%",
    "precision": "Prec.",
    "recall": "Rec.",
    "density": "Dens.",
    "coverage": "Cov.",
    "total_variation": "TV",
    "covered": "Classes",
    "spread": "Spread",
    "duplicates": r"Dup.\,\%",
    "neighbour_distance": "NN",
}


def figures(results: Results) -> Iterator[tuple[str, Any]]:
    """Those of the parts that are there."""
    for kind in KINDS:
        if kind in results.parts:
            yield from _of_arms(results, kind)
    if "cgan" in results.parts:
        run = results.runs[LONG]
        grid = run.array("grid")
        rows = {str(digit): grid[digit :: len(np.unique(range(10)))] for digit in range(10)}
        yield "cgan_grid", draw.mosaic(rows, GREY)
        yield "cgan_progress", draw.mosaic(dict(_strips(run)), GREY)
    if "metrics" in results.parts:
        yield from _of_metrics(results)


def _strips(run: Run) -> Iterator[tuple[str, Any]]:
    for name in sorted(name for name in run.arrays if name.startswith("strip-")):
        yield str(int(name.removeprefix("strip-"))), run.array(name)


def _arms(results: Results, kind: str) -> list[str]:
    """The arms in the order of `CHANGES`: published configurations have lost their own."""
    return sorted(results.config[kind]["arms"], key=list(CHANGES).index)


def _of_arms(results: Results, kind: str) -> Iterator[tuple[str, Any]]:
    names = _arms(results, kind)
    rows = {name: results.runs[f"{kind}-{name}"].array("grid")[:10] for name in names}
    reference = results.runs["reference"]
    rows["PCA"] = reference.array(_pca(reference))[:10]
    yield f"{kind}_samples", draw.mosaic(rows, GREY)
    shares = {name: results.runs[f"{kind}-{name}-score"].result["shares"] for name in names[:1]}
    worst = max(names, key=lambda name: float(results.facts[f"{kind}.{name}.distance"].value))
    shares[worst] = results.runs[f"{kind}-{worst}-score"].result["shares"]
    yield f"{kind}_classes", draw.histogram(shares, tuple("0123456789"), "share of samples")


def _pca(reference: Run) -> str:
    """The Gaussian per class that succeeds most, as the facts have it."""
    names = [name for name in reference.result if name.startswith("pca-")]
    return max(names, key=lambda name: float(reference.result[name]["success"]))


def _of_metrics(results: Results) -> Iterator[tuple[str, Any]]:
    run = results.runs["metrics"]
    yield "metrics_confusion", draw.confusion({"": run.array("confusion")})
    rates = {
        "generated": run.result["per_class"],
        "real": results.runs["judge"].result["per_class"],
    }
    groups = {
        str(digit): {name: draw.Bar(100 * float(r[digit])) for name, r in rates.items()}
        for digit in range(10)
    }
    figure = draw.bars(groups, "recognised (%)")
    least = min(100 * min(r) for r in rates.values())
    figure.axes[0].set_ylim(max(0.0, np.floor(least) - 1), 100)
    yield "metrics_per_class", figure
    pairs = {"generated": results.runs[LONG].array("grid")[:10], "nearest": run.array("nearest")}
    wrong = run.array("wrong")
    if len(wrong):
        pairs["taken wrong"] = wrong[:10]
    yield "metrics_neighbours", draw.mosaic(pairs, GREY)
    judge = results.runs["judge"]
    columns = {"training": "accuracy", "held out": "held_out_accuracy"}
    panel = draw.Panel("accuracy (%)", draw.lines_of(judge.history, columns, 100))
    yield "judge_curves", draw.curves([panel], height=1.5)


def tables(results: Results) -> Iterator[tuple[str, str]]:
    """Those of the parts that are there."""
    for kind in KINDS:
        if kind in results.parts:
            run = results.runs[f"{kind}-base"]
            yield f"{kind}_generator", tabular.model_summary(run.result["generator"])
            yield f"{kind}_discriminator", tabular.model_summary(run.result["discriminator"])
            yield f"{kind}_arms", _table_of_arms(results, kind)
            yield f"{kind}_play", _table_of_play(results, kind)
    if "metrics" in results.parts:
        yield "judge_summary", tabular.model_summary(results.runs["judge"].result["summary"])
        yield "metrics_scores", _table_of_metrics(results)


def _rows(
    results: Results, part: str, rows: Sequence[tuple[str, str]], columns: Sequence[str]
) -> list[list[tabular.Cell]]:
    """A row per (name of the facts, label); what was not measured stays empty."""
    return [
        [label, *(results.facts.get(f"{part}.{name}.{column}") for column in columns)]
        for name, label in rows
    ]


def _table_of_arms(results: Results, kind: str) -> str:
    columns = [name for name in SHORT if kind == "cgan" or name != "success"]
    columns.append("duplicates")
    rows = [(name, CHANGES[name]) for name in _arms(results, kind)]
    if kind == "cgan":
        rows.append(("long", CHANGES["long"]))
    rows += [("pca", "class-wise PCA"), ("real", "real images")]
    body = _rows(results, kind, rows, columns)
    return tabular.grid(["", *(HEADS[name] for name in columns)], body)


def _table_of_play(results: Results, kind: str) -> str:
    """How the game went: sizes, updates, the discriminator's accuracy, minutes."""
    columns = (
        *("iterations", "batch", "generator.parameters", "discriminator.parameters"),
        *("discriminator_updates", "generator_updates", "accuracy", "minutes", "speed"),
    )
    names = [*_arms(results, kind), *(["long"] if kind == "cgan" else [])]
    body = _rows(results, kind, [(name, CHANGES[name]) for name in names], columns)
    header = ["", "It.", "Batch", "G param.", "D param.", "D upd.", "G upd."]
    return tabular.grid([*header, r"D acc.\,\%", "Min.", "It./s"], body)


def _table_of_metrics(results: Results) -> str:
    columns = (*SHORT[:5], "density", "coverage", "total_variation", "spread", "duplicates")
    rows = [
        ("real", "real images"),
        ("long", "CGAN, long run"),
        ("pca", "class-wise PCA"),
        ("memorised", "100 real images, repeated"),
    ]
    body = _rows(results, "metrics", rows, (*columns, "neighbour_distance"))
    heads = [HEADS[name] for name in (*columns, "neighbour_distance")]
    return tabular.grid(["", *heads], body)

"""The report's figures and tables, of whichever parts have results; the text stands in the .tex.

Their names are those that the sources give to kitfigure and kittable. Every number comes from a run
or a fact.
"""

from collections.abc import Iterator
from typing import Any

from kit.experiments import Run
from kit.experiments.results import Results
from kit.reporting import figures as draw
from kit.reporting import tables as tabular
from kit.reporting.figure_style import PAGE

FACTORS = (2, 4, 8)
GANS = ("dense_gan", "conv_gan")
LAYERS = ("W1", "W2", "W3")
GREY = (0.0, 255.0)
STRIP = 10  # images of a sample grid that are shown per epoch
FASHION = (
    *("T-shirt", "trouser", "pullover", "dress", "coat"),
    *("sandal", "shirt", "sneaker", "bag", "ankle boot"),
)
EPOCH = tabular.Column("epoch", "Epoch")
CLASSIFIER = (
    tabular.Column("train_loss", "Train loss"),
    tabular.Column("train_accuracy", "Train acc.", 2, 100),
    tabular.Column("test_loss", "Test loss"),
    tabular.Column("test_accuracy", "Test acc.", 2, 100),
)


def figures(results: Results) -> dict[str, Any]:
    """Every figure, by name."""
    found: dict[str, Any] = {}
    if "compression" in results.parts:
        found |= dict(_compression_figures(results))
    for kind in GANS:
        if kind in results.parts:
            found |= dict(_gan_figures(results, kind))
    return found


def tables(results: Results) -> dict[str, str]:
    """Every table, by name."""
    found: dict[str, str] = {}
    if "compression" in results.parts:
        found |= dict(_compression_tables(results))
    for kind in GANS:
        if kind in results.parts:
            found |= dict(_gan_tables(results, kind))
    return found


# Exercise 1


def _seeds(results: Results, stage: str) -> list[Run]:
    """The runs of a stage, one per seed."""
    return [results.runs[f"{stage}-{seed}"] for seed in results.config["seeds"]]


def _compression_figures(results: Results) -> Iterator[tuple[str, Any]]:
    base = _seeds(results, "base")
    rows = [run.history for run in base]
    loss = draw.mean_lines(rows, {"train": "train_loss", "test": "test_loss"})
    accuracy = draw.mean_lines(rows, {"train": "train_accuracy", "test": "test_accuracy"}, 100)
    yield (
        "base_curves",
        draw.curves([draw.Panel("loss", loss), draw.Panel("accuracy (%)", accuracy)]),
    )
    yield "base_confusion", draw.confusion({"": base[0].array("confusion")})
    yield "spectra", draw.spectra(dict(_spectra(results, base[0])))
    yield "refinement", draw.bars(dict(_bars(results)), "test accuracy (%)", _base_level(results))
    panels = [_refinement_panel(results, factor) for factor in FACTORS]
    yield "refined_curves", draw.curves(panels, width=PAGE, height=1.8)
    matrices = {f"{f}X": _seeds(results, f"svd-{f}")[0].array("confusion") for f in FACTORS}
    yield "refined_confusion", draw.confusion(matrices, width=PAGE)


def _spectra(results: Results, base: Run) -> Iterator[tuple[str, draw.Spectrum]]:
    records = [_seeds(results, f"svd-{factor}")[0].result for factor in FACTORS]
    for layer, name in enumerate(LAYERS):
        ranks = [record["ranks"][layer] for record in records]
        energy = [record["energy"][layer] for record in records]
        stored = f"spectrum-{layer}"
        values = base.array(stored).tolist() if stored in base.arrays else ()
        yield name, draw.Spectrum(ranks, energy, values)


def _bars(results: Results) -> Iterator[tuple[str, dict[str, draw.Bar]]]:
    for factor in FACTORS:
        names = {
            "truncated": "svd.before",
            "refined": "svd.test_accuracy",
            "random start": "random.test_accuracy",
        }
        stated = {
            label: results.facts[f"compression.{factor}x.{name}"] for label, name in names.items()
        }
        bars = {label: draw.Bar(float(fact.value), fact.spread) for label, fact in stated.items()}
        yield f"{factor}X", bars


def _base_level(results: Results) -> tuple[str, float]:
    return "base", float(results.facts["compression.base.test_accuracy"].value)


def _refinement_panel(results: Results, factor: int) -> draw.Panel:
    lines: dict[str, Any] = {}
    for start, label in (("svd", "SVD start"), ("random", "random start")):
        rows = [run.history for run in _seeds(results, f"{start}-{factor}")]
        lines |= draw.mean_lines(rows, {f"{label}, test": "test_accuracy"}, 100)
        lines |= draw.mean_lines(rows, {f"{label}, train": "train_accuracy"}, 100)
    return draw.Panel(f"{factor}X: accuracy (%)", lines)


def _compression_tables(results: Results) -> Iterator[tuple[str, str]]:
    base = _seeds(results, "base")[0]
    refined = {f"{factor}X": _seeds(results, f"svd-{factor}")[0] for factor in FACTORS}
    yield "base_summary", tabular.model_summary(base.result["summary"])
    summaries = {name: run.result["summary"] for name, run in refined.items()}
    yield "factored_summaries", tabular.model_summaries(summaries)
    yield "compression", _compression_table(results)
    yield "base_epochs", tabular.per_epoch(base.history, (EPOCH, *CLASSIFIER), blocks=3)
    histories = {name: run.history for name, run in refined.items()}
    yield "refined_epochs", tabular.side_by_side(histories, CLASSIFIER)
    yield "trials", _trials(results)


def _compression_table(results: Results) -> str:
    facts = results.facts
    names = (
        *("ranks", "parameters", "ratio", "energy.1", "energy.2", "energy.3"),
        *("svd.before", "svd.test_accuracy", "random.test_accuracy", "gain"),
    )
    base: list[tabular.Cell] = ["base", "--", facts["compression.base.parameters"], "1"]
    base += [None] * 4 + [facts["compression.base.test_accuracy"], None, None]
    body = [[f"{f}X", *(facts[f"compression.{f}x.{name}"] for name in names)] for f in FACTORS]
    header = ["", "Ranks", "Parameters", "Ratio", "$W^{(1)}$", "$W^{(2)}$", "$W^{(3)}$"]
    header += ["Truncated", "Refined", "Random start", "Gain"]
    spans = [tabular.Span("", 4), tabular.Span(r"Energy kept (\%)", 3)]
    spans.append(tabular.Span(r"Test accuracy (\%)", 3))
    return tabular.grid(
        header, [base, *body], align="ll" + "r" * 9, spans=[*spans, tabular.Span("", 1)]
    )


def _trials(results: Results) -> str:
    """What each rate reached on held-out images: rows are networks, columns are rates."""
    named = {name: run for name, run in results.runs.items() if name.startswith("tune-")}
    if not named:
        return "No rates were tried at this size: those of the configuration were used.\n"
    rates = sorted({run.result["rate"] for run in named.values()})
    found: dict[str, dict[float, tabular.Cell]] = {}
    for name, run in named.items():
        network = name.removeprefix("tune-").rpartition("-")[0]
        accuracy = results.facts[f"compression.{name}"]
        found.setdefault(network, {})[run.result["rate"]] = accuracy
    body = [[_network(name), *(row.get(rate) for rate in rates)] for name, row in found.items()]
    return tabular.grid(["Network", *(f"${rate:g}$" for rate in rates)], body)


def _network(name: str) -> str:
    start, _, factor = name.partition("-")
    return f"{factor}X, {start if start == 'random' else 'SVD'} start" if factor else "base"


# Exercise 2


def _classes(results: Results, kind: str) -> tuple[str, ...]:
    about = results.runs[kind].dataset or {}
    return FASHION if about.get("name") == "fashion-mnist" else tuple("0123456789")


def _gan_figures(results: Results, kind: str) -> Iterator[tuple[str, Any]]:
    run, scored, reference = (results.runs[n] for n in (kind, f"{kind}-score", "reference"))
    columns = {"discriminator": "discriminator_loss", "generator": "generator_loss"}
    panel = draw.Panel("loss", draw.lines_of(run.history, columns))
    yield f"{kind}_losses", draw.curves([panel], height=1.6)
    grids = sorted(name for name in run.arrays if name.startswith("grid-"))
    rows = {str(int(name.removeprefix("grid-"))): run.array(name)[:STRIP] for name in grids}
    rows["PCA"] = reference.array("pca-grid")[:STRIP]
    yield f"{kind}_samples", draw.mosaic(rows, GREY)
    pairs = {"generated": scored.array("samples"), "nearest": scored.array("neighbours")}
    yield f"{kind}_neighbours", draw.mosaic(pairs, GREY)
    shares = {
        "GAN": scored.result["balance"]["shares"],
        "class PCA": reference.result["pca_balance"]["shares"],
    }
    yield f"{kind}_classes", draw.histogram(shares, _classes(results, kind), "share of samples")


def _gan_tables(results: Results, kind: str) -> Iterator[tuple[str, str]]:
    run, facts = results.runs[kind], results.facts
    yield f"{kind}_generator", tabular.model_summary(run.result["generator"])
    yield f"{kind}_discriminator", tabular.model_summary(run.result["discriminator"])
    columns = (
        EPOCH,
        tabular.Column("discriminator_loss", "$L_D$"),
        tabular.Column("generator_loss", "$L_G$"),
    )
    yield f"{kind}_epochs", tabular.per_epoch(run.history, columns, blocks=5)
    rows = {
        "GAN": ("distance", "score", "covered", "total_variation", "neighbour_distance"),
        "class-wise PCA": ("pca_distance", "pca_score", "pca_covered", None, None),
        "real images": ("floor", "real_score", None, None, "real_neighbour_distance"),
    }
    body = [
        [label, *(facts[f"{kind}.{name}"] if name else None for name in names)]
        for label, names in rows.items()
    ]
    yield f"{kind}_scores", tabular.grid(["", "FD", "IS", "Classes", "TV", "NN"], body)

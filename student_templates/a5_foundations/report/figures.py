"""The report's figures, tables and listings, of whichever parts have results.

Their names are those that the sources give to kitfigure and kittable. Every number comes from a run
or a fact, every line of code from the implementation that was run.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kit.experiments import Run
from kit.experiments.results import Results
from kit.reporting import figures as draw
from kit.reporting import tables as tabular
from kit.reporting.listings import listing

WIDTH = 6.1  # inches: inside the box of a solution, on a text of 160 mm
REGULARISERS = {
    "none": "none",
    "l2": "L2 penalty",
    "dropout": "dropout",
    "augmentation": "augmentation",
    "early_stopping": "early stopping",
    "combined": "dropout, augm.",
}
OPTIMISERS = {"sgd": "SGD", "momentum": "momentum", "none": "Adam"}
CNNS = {
    "base": "base",
    "no_relu": "without ReLU",
    "affine": "without ReLU, strided",
    "strided": "strided, 2 by 2",
    "strided3": "strided, 3 by 3",
    "narrow": "deeper, narrow",
    "deeper": "deeper",
}
QUESTIONS = {  # what is compared in each question of problem 2.2
    "base": ("base",),
    "relu": ("base", "no_relu", "affine"),
    "strided": ("base", "strided", "strided3"),
    "deeper": ("base", "narrow", "deeper"),
}
SETS = ("train", "validation", "test")
Tried = tuple[str, str, Sequence[float]]  # what was trained, its facts' name, the rates
ENDS = tuple(f"{data}_{what}" for what in ("loss", "accuracy") for data in SETS)


def figures(results: Results) -> dict[str, Any]:
    """Every figure, by name."""
    found: dict[str, Any] = {}
    if "mlp" in results.parts:
        found["mlp_regularisers"] = _losses(results, "mlp", REGULARISERS)
        found["mlp_optimisers"] = _losses(results, "mlp", OPTIMISERS)
    if "cnn" in results.parts:
        for question, names in QUESTIONS.items():
            found[f"cnn_{question}"] = _losses(results, "cnn", {n: CNNS[n] for n in names})
        found["cnn_accuracies"] = _accuracies(results)
    if "bonus" in results.parts:
        found["bonus"] = _bonus_losses(results)
    return found


def tables(results: Results) -> dict[str, str]:
    """Every table and listing, by name."""
    found: dict[str, str] = {}
    for part, make in (("mlp", _mlp_tables), ("cnn", _cnn_tables), ("bonus", _bonus_tables)):
        if part in results.parts:
            found |= dict(make(results))
    return found


def _seeds(results: Results, stage: str) -> list[Run]:
    """The runs of a network, one per seed."""
    return [results.runs[f"{stage}-{seed}"] for seed in results.config["seeds"]]


def _losses(results: Results, part: str, names: dict[str, str]) -> Any:
    """Training and validation loss of some networks, epoch by epoch."""
    return _panels({label: _seeds(results, f"{part}-{name}") for name, label in names.items()})


def _panels(networks: dict[str, Sequence[Run]]) -> Any:
    if len(networks) == 1:
        histories = [run.history for runs in networks.values() for run in runs]
        keys = {"training": "train_loss", "validation": "validation_loss"}
        losses = draw.Panel("loss", draw.mean_lines(histories, keys))
        keys = {"training": "train_accuracy", "validation": "validation_accuracy"}
        accuracies = draw.Panel("accuracy (%)", draw.mean_lines(histories, keys, 100))
        return draw.curves([losses, accuracies], width=WIDTH, height=1.9)
    panels = []
    for data, title in (("train", "training loss"), ("validation", "validation loss")):
        lines: dict[str, Any] = {}
        for label, runs in networks.items():
            rows = [run.history for run in runs]
            lines |= draw.mean_lines(rows, {label: f"{data}_loss"})
        panels.append(draw.Panel(title, lines))
    return draw.curves(panels, width=WIDTH, height=2.2)


def _accuracies(results: Results) -> Any:
    """The accuracies of all networks of problem 2.2 on the three sets."""
    groups = {}
    for name, label in CNNS.items():
        stated = {data: results.facts[f"cnn.{name}.{data}_accuracy"] for data in SETS}
        groups[label.replace(", ", ",\n")] = {
            data: draw.Bar(float(fact.value), fact.spread) for data, fact in stated.items()
        }
    return draw.bars(groups, "accuracy (%)", width=WIDTH)


def _bonus_losses(results: Results) -> Any:
    before = results.facts["bonus.best"].value
    trained = {f"before ({before})": _best(results), "after": _seeds(results, "bonus")}
    return _panels(trained)


def _best(results: Results) -> list[Run]:
    """The network that the bonus starts from, of each seed."""
    found = []
    for run in _seeds(results, "bonus"):
        found.append(results.runs[f"cnn-{run.result['best']}-{run.params['seed']}"])
    return found


def _mlp_tables(results: Results) -> Iterator[tuple[str, str]]:
    code = results.runs["mlp-code"].result
    for name in ("preprocessing", "model", "optimiser", "training"):
        yield f"code_mlp_{name}", listing(code[name])
    yield "mlp_summary", tabular.model_summary(_seeds(results, "mlp-none")[0].result["summary"])
    rows = {label: f"mlp.{name}" for name, label in REGULARISERS.items()}
    yield "mlp_regularisers", _ends(results, rows, "epochs")
    rows = {label: f"mlp.{name}" for name, label in OPTIMISERS.items()}
    yield "mlp_optimisers", _ends(results, rows)
    rates = results.config["mlp"]["rates"]
    tried = {"SGD": "sgd", "momentum": "momentum", "Adam": "adam"}
    trials = [(label, f"mlp.tune-{name}", rates[name]) for label, name in tried.items()]
    yield "mlp_trials", _trials(results, "Optimiser", trials)


def _ends(results: Results, rows: dict[str, str], *more: str) -> str:
    """Losses and accuracies on the three sets and the gap, a row for each network."""
    facts, headings = results.facts, {"epochs": "Epochs", "parameters": "Parameters"}
    body = [
        [label, *(facts[f"{name}.{key}"] for key in (*more, *ENDS, "gap"))]
        for label, name in rows.items()
    ]
    spans = [tabular.Span("", 1 + len(more)), tabular.Span("Loss", 3)]
    spans += [tabular.Span(r"Accuracy (\%)", 3), tabular.Span("", 1)]
    header = ["Network", *(headings[key] for key in more), *("train", "val.", "test") * 2, "Gap"]
    return tabular.grid(header, body, spans=spans)


def _trials(results: Results, heading: str, rows: Iterable[Tried]) -> str:
    """The validation loss of each rate that was tried; "--" where one was given from the start."""
    body: list[list[tabular.Cell]] = [
        [label, f"${rate:g}$", results.facts.get(f"{name}-{rate:g}")]
        for label, name, rates in rows
        for rate in rates
    ]
    return tabular.grid([heading, "Rate", "Validation loss"], body)


def _cnn_tables(results: Results) -> Iterator[tuple[str, str]]:
    code = results.runs["cnn-code"].result
    for name in ("loader", "training", "base", "strided", "deeper"):
        yield f"code_cnn_{name}", listing(code[name])
    rates = results.config["cnn"]["rates"]
    yield "cnn_trials", _trials(results, "Network", [("base", "cnn.tune-base", rates)])
    for question, names in QUESTIONS.items():
        rows = {CNNS[name]: f"cnn.{name}" for name in names}
        yield f"cnn_{question}", _ends(results, rows, "parameters")
    for name in ("base", "deeper"):
        summary = _seeds(results, f"cnn-{name}")[0].result["summary"]
        yield f"cnn_{name}_summary", tabular.model_summary(summary)


def _bonus_tables(results: Results) -> Iterator[tuple[str, str]]:
    rows = {"before": "bonus.before", "after": "bonus.network"}
    yield "bonus", _ends(results, rows, "parameters")

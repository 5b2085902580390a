"""Figures and tables of questions 2 to 4: curves, criteria, parameters, energy, wrong labels."""

from collections.abc import Iterator
from typing import Any

from kit.experiments import Run, beside
from kit.experiments.results import Results
from kit.reporting import figures as draw
from kit.reporting import tables as tabular
from kit.reporting.escape import tex

TEXT = 6.3  # inches: the width of the text in the style
mlps = beside(__file__, "mlp_experiments")
noise = beside(__file__, "noise_experiments")
CRITERIA = {
    "lowest_train_loss": "lowest training loss",
    "lowest_validation_loss": "lowest validation loss",
    "highest_validation_accuracy": "highest validation accuracy",
}
REMEDIES = {
    "plain": "none (cross-entropy)",
    "held": "held-out labels, last epoch",
    "decay": "weight decay",
    "smoothing": "label smoothing",
    "gce": "generalised cross-entropy",
    "forward": "forward correction",
    "coteaching": "co-teaching",
}


def figures(results: Results) -> Iterator[tuple[str, Any]]:
    """The figures of the parts that there are."""
    if "shallow" in results.parts:
        yield "shallow_curves", _train_and_validation(_seeds(results, "shallow-fixed"))
        yield "step_curves", _fixed_and_falling(results)
    if "deep" in results.parts:
        for name in ("deep", "wide"):
            yield f"{name}_curves", _train_and_validation(_seeds(results, name))
    if "noise" in results.parts:
        yield "noise_curves", _noise_curves(results)
        lines: dict[str, Any] = {}
        for remedy, label in REMEDIES.items():
            if remedy != "held":
                rows = [run.history for run in _seeds(results, f"noise-{remedy}")]
                lines |= draw.mean_lines(rows, {label: "test_accuracy"}, 100)
        yield (
            "remedies",
            draw.curves([draw.Panel("test accuracy (%)", lines)], width=TEXT, height=2.6),
        )


def _seeds(results: Results, stage: str) -> list[Run]:
    """The runs of a stage, one per seed."""
    names = [name for name in results.runs if name.rpartition("-")[0] == stage]
    return [results.runs[name] for name in names if name.rpartition("-")[2].isdigit()]


def _train_and_validation(runs: list[Run]) -> Any:
    rows = [run.history for run in runs]
    panels = [
        draw.Panel(
            label,
            draw.mean_lines(rows, {s: f"{s}_{key}" for s in ("train", "validation")}, scale),
        )
        for label, key, scale in (("loss", "loss", 1.0), ("accuracy (%)", "accuracy", 100.0))
    ]
    return draw.curves(panels, width=TEXT, height=2.1)


def _fixed_and_falling(results: Results) -> Any:
    falling = [run.history for run in _seeds(results, "shallow-step")]
    fixed = [run.history[: len(falling[0])] for run in _seeds(results, "shallow-fixed")]
    panels = []
    for label, key, scale in (
        ("training loss", "train_loss", 1.0),
        ("validation loss", "validation_loss", 1.0),
        ("training accuracy (%)", "train_accuracy", 100.0),
        ("validation accuracy (%)", "validation_accuracy", 100.0),
    ):
        lines: dict[str, Any] = draw.mean_lines(fixed, {"fixed rate": key}, scale)
        lines |= draw.mean_lines(falling, {"falling rate": key}, scale)
        panels.append(draw.Panel(label, lines))
    return draw.curves(panels, width=TEXT, height=1.9)


def _noise_curves(results: Results) -> Any:
    rows = [run.history for run in _seeds(results, "noise-plain")]
    shares = {"test accuracy": "test_accuracy", "accuracy on the given labels": "train_accuracy"}
    if "memorised" in rows[0][0]:
        shares["wrong labels memorised"] = "memorised"
    left = draw.Panel("share (%)", draw.mean_lines(rows, shares, 100))
    lines: dict[str, Any] = draw.mean_lines(rows, {"training loss": "train_loss"})
    entropy = float(results.facts["noise.entropy"].value)
    lines["entropy of the noise"] = [[1.0, float(len(rows[0]))], [entropy, entropy]]
    return draw.curves([left, draw.Panel("loss (nats)", lines)], width=TEXT, height=2.3)


def tables(results: Results) -> Iterator[tuple[str, str]]:
    """The tables of the parts that there are."""
    if "shallow" in results.parts:
        yield "criteria", _criteria(results, ("shallow.fixed", "shallow.step"))
        yield "shallow_trials", _trials(results, ("shallow",))
    if "deep" in results.parts:
        yield "networks", _networks(results)
        yield "deep_criteria", _criteria(results, ("deep", "wide"))
        yield "parameters", _parameters(results)
        yield "carbon", _carbon(results)
        yield "deep_trials", _trials(results, ("deep", "wide"))
    if "noise" in results.parts:
        yield "remedies", _remedies(results)


def _criteria(results: Results, networks: tuple[str, ...]) -> str:
    """For each network the epoch that each criterion picked, and what that one is worth."""
    titles = {"shallow.fixed": "fixed rate", "shallow.step": "falling rate"}
    columns = ("epoch", "train_loss", "validation_loss", "validation_accuracy", "test_accuracy")
    body: list[list[tabular.Cell]] = []
    for network in networks:
        for criterion, label in CRITERIA.items():
            name = f"{network}.{criterion}"
            row: list[tabular.Cell] = [titles.get(network, network), label]
            row += [results.facts[f"{name}.{column}"] for column in columns]
            first = criterion == "lowest_train_loss"
            body.append([*row, None if first else results.facts[f"{name}.ahead"]])
    header = ["Network", "Criterion", "Epoch", "Training", "Valid.", "Validation", "Test", "Ahead"]
    spans = [tabular.Span("", 3), tabular.Span("Loss", 2), tabular.Span(r"Accuracy (\%)", 2)]
    return tabular.grid(header, body, align="ll" + "r" * 6, spans=[*spans, tabular.Span("", 1)])


def _networks(results: Results) -> str:
    names = {"deep": "deep, 32--64--32", "wide": "wide, 128--64--128"}
    if "shallow" in results.parts:
        names = {"shallow.step": "shallow, 32", **names}
    columns = ("parameters", "rate", "weight_decay", "fell")
    ends = ("last.train_loss", "highest_validation_accuracy.validation_accuracy")
    body = [
        [
            label,
            *(results.facts[f"{name}.{column}"] for column in columns),
            *(results.facts[f"{name}.{end}"] for end in ends),
            results.facts[f"{name}.highest_validation_accuracy.test_accuracy"],
        ]
        for name, label in names.items()
    ]
    header = ["Network", "Parameters", "Rate", "Decay", "Rate fell at", "Train loss"]
    return tabular.grid([*header, r"Validation (\%)", r"Test (\%)"], body, align="lrrrlrrr")


def _parameters(results: Results) -> str:
    """The sum layer by layer: (inputs + 1) times outputs, the one being the bias."""
    body: list[list[tabular.Cell]] = []
    networks = {name: _seeds(results, name)[0].result for name in ("deep", "wide")}
    depth = max(len(result["shapes"]) for result in networks.values())
    for layer in range(depth):
        row: list[tabular.Cell] = [f"fc{layer + 1}"]
        for result in networks.values():
            outputs, inputs = result["shapes"][layer]
            row += [rf"$({inputs}+1)\times{outputs}$", int((inputs + 1) * outputs)]
        body.append(row)
    totals: list[tabular.Cell] = ["Together"]
    for result in networks.values():
        totals += ["", int(result["parameters"])]
    spans = [tabular.Span("", 1), *(tabular.Span(name, 2) for name in networks)]
    return tabular.grid(["Layer", *["Sum", "Parameters"] * 2], body, totals=[totals], spans=spans)


def _carbon(results: Results) -> str:
    facts = results.facts
    grid = tex(facts["carbon.grid"].value)
    rows: list[tuple[str, str, str]] = [
        ("Time by the clock", "carbon.seconds", "s"),
        ("Processor time", "carbon.cpu_seconds", "s"),
        ("Power of a busy core", "carbon.watts_per_core", "W, assumed"),
        ("Memory in use", "carbon.memory_gb", "GB, assumed"),
        ("Power of the memory", "carbon.watts_per_gb", "W/GB, assumed"),
        ("Mean power", "carbon.watts", "W"),
        ("Energy of the machine", "carbon.kwh", "Wh"),
        ("Overhead of the site (PUE)", "carbon.pue", "assumed"),
        (
            f"Carbon intensity of the grid ({grid})",
            "carbon.grams_per_kwh",
            r"g CO\textsubscript{2}e/kWh, assumed",
        ),
    ]
    body: list[list[tabular.Cell]] = [[label, facts[name], unit] for label, name, unit in rows]
    total: list[tabular.Cell] = ["Emissions of one training", facts["carbon.grams"]]
    total.append(r"g CO\textsubscript{2}e")
    return tabular.grid(["", "Value", "Unit"], body, align="lrl", totals=[total])


def _trials(results: Results, networks: tuple[str, ...]) -> str:
    """The lowest validation loss of any epoch: rows are networks, columns rates and decays."""
    tried = [(n, run) for n, run in results.runs.items() if n.startswith("tune-")]
    mine = {
        (n, run.params["rate"], run.params["weight_decay"]): results.facts[f"{run.part}.{name}"]
        for n in networks
        for name, run in tried
        if name.startswith(f"tune-{n}-")
    }
    if not mine:
        return "No rates were tried at this size: those of the configuration were used.\n"
    pairs = list(dict.fromkeys((rate, decay) for _, rate, decay in mine))
    body: list[list[tabular.Cell]] = [[n, *(mine[n, *pair] for pair in pairs)] for n in networks]
    header = ["Rate", *(f"${rate:g}$" for rate, _ in pairs)]
    decays: list[tabular.Cell] = ["Weight decay", *(f"${decay:g}$" for _, decay in pairs)]
    return tabular.grid(header, [decays], totals=body)


def _remedies(results: Results) -> str:
    columns = ("peak", "peak_epoch", "final", "fall", "final_train", "memorised")
    body: list[list[tabular.Cell]] = [
        [tex(label), *(results.facts[f"noise.{remedy}.{column}"] for column in columns)]
        for remedy, label in REMEDIES.items()
    ]
    for name, label in (
        ("held_stop", "stop at the best held-out accuracy"),
        ("entropy_stop", "stop at the entropy of the noise"),
    ):
        stopped: list[tabular.Cell] = [label, None, results.facts[f"noise.{name}_epoch"]]
        body.append([*stopped, results.facts[f"noise.{name}"], None, None, None])
    header = ["Remedy", "Peak", "Epoch", "Final", "Fall", "On given labels", "Memorised"]
    spans = [tabular.Span("", 1), tabular.Span(r"Test accuracy (\%)", 4)]
    spans.append(tabular.Span(r"Training images (\%)", 2))
    return tabular.grid(header, body, spans=spans)

"""What a report may state of the networks of questions 2 and 3, and what it may claim."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kit.experiments import Fact, Run, beside
from kit.experiments.facts import about, mean

mlps = beside(__file__, "mlp_experiments")
PERCENT = ("train_accuracy", "validation_accuracy", "test_accuracy")
LATE = 20  # the last epochs of a run, over which it is asked how far the accuracy still moves
PARTS = {"shallow": ("shallow-fixed", "shallow-step"), "deep": ("deep", "wide")}


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """The facts of the parts all of whose stages are among the runs."""
    found: list[Fact] = []
    for part, names in PARTS.items():
        if f"{names[0]}-{config['seeds'][0]}" not in runs:
            continue
        mine = [run for run in runs.values() if run.part == part]
        found += about(part, [run for run in mine if run.dataset])
        found += _settings(part, mine, config)
        for name in names:
            group = [runs[f"{name}-{seed}"] for seed in config["seeds"]]
            found += _network(name.replace("-", "."), group)
        found += _comparisons(part, [runs[f"compare-{part}-{s}"] for s in config["seeds"]])
    if f"wide-{config['seeds'][0]}" in runs:
        found += _carbon([runs[f"wide-{seed}"] for seed in config["seeds"]], config["carbon"])
    return found


def _settings(part: str, runs: Sequence[Run], config: Mapping[str, Any]) -> list[Fact]:
    keys, c = tuple(run.key for run in runs), config["mlps"]
    sizes = next(run for run in runs if run.dataset).result["sizes"]
    whole = {"batch": c["batch"], "epochs": c["epochs"], "fixed_epochs": c["fixed_epochs"]}
    whole |= {"window": c["window"], "tune_epochs": c["tune_epochs"], "seeds": len(config["seeds"])}
    whole |= {f"{name}_images": count for name, count in sizes.items()}
    found = [Fact(f"{part}.{name}", n, digits=0, runs=keys) for name, n in whole.items()]
    found.append(Fact(f"{part}.late", LATE, digits=0, runs=keys))
    found.append(Fact(f"{part}.momentum", c["momentum"], digits=1, runs=keys))
    found.append(Fact(f"{part}.tolerance", 100 * c["tolerance"], "%", 1, runs=keys))
    found.append(Fact(f"{part}.factor", round(1 / c["factor"]), digits=0, runs=keys))
    for run in runs:
        if run.stage.startswith("tune-"):
            least = min(row["validation_loss"] for row in run.history)
            found.append(Fact(f"{part}.{run.stage}", least, digits=3, runs=(run.key,)))
    return found


def _network(name: str, runs: Sequence[Run]) -> list[Fact]:
    keys, one = tuple(run.key for run in runs), runs[0].result
    found = [
        Fact(f"{name}.parameters", one["parameters"], digits=0, runs=keys),
        Fact(f"{name}.formula", one["formula"], digits=0, runs=keys),
        Fact(f"{name}.rate", one["rate"], digits=3, runs=keys),
        Fact(f"{name}.weight_decay", one["weight_decay"], digits=4, runs=keys),
        Fact(f"{name}.fell", _epochs([run.result["milestones"] for run in runs]), runs=keys),
    ]
    for key in ("train_loss", "validation_loss"):
        reached = [run.result[f"plateau_{key}"] for run in runs]
        text = ", ".join("none" if epoch is None else str(epoch) for epoch in reached)
        found.append(Fact(f"{name}.plateau_{key}", text, runs=keys))
    for criterion in mlps.CRITERIA:
        rows = {run.key: run.result[criterion] for run in runs}
        found += _rows(f"{name}.{criterion}", rows)
        ahead = {key: 100 * row["ahead"][0] for key, row in rows.items()}
        found.append(_points(f"{name}.{criterion}.ahead", ahead))
        error = max(100 * row["ahead"][1] for row in rows.values())
        found.append(Fact(f"{name}.{criterion}.ahead_error", error, "points", runs=keys))
        least = min(ahead.values())
        found.append(Fact(f"{name}.{criterion}.ahead_least", least, "points", runs=keys))
    late = {r.key: [100 * row["validation_accuracy"] for row in r.history[-LATE:]] for r in runs}
    moves = {key: float(np.std(values)) for key, values in late.items()}
    found.append(mean(f"{name}.late_moves", moves, "points"))
    return found + _rows(f"{name}.last", {run.key: run.history[-1] for run in runs})


def _points(name: str, values: Mapping[str, float]) -> Fact:
    """A mean difference; one that is next to nothing is 0.00 and no power of ten."""
    fact = mean(name, values, "points")
    return dataclasses.replace(fact, value=round(float(fact.value), fact.digits))


def _epochs(milestones: Sequence[Sequence[int]]) -> str:
    """The epochs at which the rate fell, seed by seed."""
    words = [" and ".join(str(epoch) for epoch in each) or "never" for each in milestones]
    return "; ".join(words)


def _rows(name: str, rows: Mapping[str, Mapping[str, Any]]) -> list[Fact]:
    found = [mean(f"{name}.epoch", {key: row["epoch"] for key, row in rows.items()}, "", 0)]
    for column in next(iter(rows.values())):
        if column in PERCENT:
            values = {key: 100 * row[column] for key, row in rows.items()}
            found.append(mean(f"{name}.{column}", values, "%"))
        elif column.endswith("_loss"):
            values = {key: row[column] for key, row in rows.items()}
            found.append(mean(f"{name}.{column}", values, "", 3))
    return found


def _comparisons(part: str, runs: Sequence[Run]) -> list[Fact]:
    found = []
    for first, second in runs[0].params["pairs"]:
        name = f"{part}.{second}_over_{first}".replace("-", "_")
        pairs = {run.key: run.result[f"{first}:{second}"] for run in runs}
        lead = {key: 100 * pair[0] for key, pair in pairs.items()}
        found.append(_points(name, lead))
        error = max(100 * pair[1] for pair in pairs.values())
        found.append(Fact(f"{name}_error", error, "points", runs=tuple(pairs)))
        sure = min(pair[0] - 2 * pair[1] for pair in pairs.values())
        found.append(Fact(f"{name}_sure", 100 * sure, "points", runs=tuple(pairs)))
    return found


def _carbon(runs: Sequence[Run], carbon: Mapping[str, Any]) -> list[Fact]:
    """Energy and emissions of one training of the wide network; every assumption beside them."""
    keys = tuple(run.key for run in runs)
    energy = {run.key: run.result["energy"] for run in runs}
    methods = ", ".join(dict.fromkeys(each["method"] for each in energy.values()))
    found = [Fact("carbon.method", methods, runs=keys)]
    for name, unit, scale, digits in (
        *(("seconds", "s", 1, 1), ("cpu_seconds", "s", 1, 1)),
        *(("kwh", "Wh", 1000, 4), ("grams", "g", 1, 4)),
    ):
        values = {key: scale * each[name] for key, each in energy.items()}
        found.append(mean(f"carbon.{name}", values, unit, digits))
    watts = {key: 3.6e6 * each["kwh"] / each["seconds"] for key, each in energy.items()}
    found.append(mean("carbon.watts", watts, "W", 1))
    for name, digits in (("watts_per_core", 1), ("memory_gb", 1), ("watts_per_gb", 4), ("pue", 2)):
        found.append(Fact(f"carbon.{name}", carbon[name], digits=digits, runs=keys))
    found.append(Fact("carbon.grams_per_kwh", carbon["grams_per_kwh"], digits=0, runs=keys))
    found.append(Fact("carbon.grid", carbon["grid"], runs=keys))
    return found


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """The sentences on questions 2 and 3 that could be false."""
    found: dict[str, bool] = {}

    def value(name: str) -> float:
        return float(facts[name].value)

    if "shallow.fixed.parameters" in facts:
        fixed = "shallow.fixed"
        losses = {c: value(f"{fixed}.{c}.test_accuracy") for c in mlps.CRITERIA}
        late = value(f"{fixed}.lowest_train_loss.epoch")
        early = value(f"{fixed}.lowest_validation_loss.epoch")
        ahead = f"{fixed}.lowest_validation_loss"
        lead = value("shallow.shallow_step_over_shallow_fixed")
        found |= {
            "shallow_reaches_85_3": value("shallow.step.highest_validation_accuracy.test_accuracy")
            >= 85.3,
            "train_loss_is_worst": losses["lowest_train_loss"] == min(losses.values()),
            "train_loss_picks_late": late > 2 * early,
            "validation_pays": value(f"{ahead}.ahead_least") > 2 * value(f"{ahead}.ahead_error"),
            "validation_loss_rises": value(f"{fixed}.last.validation_loss")
            > 1.5 * value(f"{fixed}.lowest_validation_loss.validation_loss"),
            "fixed_rate_moves_more": value(f"{fixed}.late_moves")
            > 2 * value("shallow.step.late_moves"),
            "criteria_close": abs(losses[mlps.CRITERIA[1]] - losses[mlps.CRITERIA[2]]) < 0.5,
            "train_loss_flattens": "none" not in str(facts[f"{fixed}.plateau_train_loss"].value),
            "rate_fell": "never" not in str(facts["shallow.step.fell"].value),
            "falling_rate_helps": lead > 0,
            "falling_rate_surely_helps": value("shallow.shallow_step_over_shallow_fixed_sure") > 0,
            "falling_rate_steadies": value("shallow.step.last.validation_loss")
            < value(f"{fixed}.last.validation_loss"),
        }
    if "deep.parameters" in facts:
        for name, least in (("deep", 85.0), ("wide", 85.8)):
            reached = value(f"{name}.highest_validation_accuracy.test_accuracy")
            found[f"{name}_reaches_target"] = reached >= least
        for name in ("deep_over_shallow_step", "wide_over_deep", "wide_over_shallow_step"):
            found[f"{name}"] = value(f"deep.{name}") > 0
            found[f"{name}_surely"] = value(f"deep.{name}_sure") > 0
        found["formula_agrees"] = all(
            value(f"{name}.parameters") == value(f"{name}.formula") for name in ("deep", "wide")
        )
        found["machine_was_shared"] = value("carbon.seconds") > 1.5 * value("carbon.cpu_seconds")
        found["energy_is_estimated"] = str(facts["carbon.method"].value).startswith("estimate")
        found["wide_fits_train_better"] = value("wide.last.train_loss") < value(
            "deep.last.train_loss"
        )
    return found

"""What a report may state and claim of the classifiers that were trained on generated digits."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kit.experiments import Fact, Run
from kit.experiments.facts import about, mean

FEW = (
    *("real", "shifted"),
    *(f"{source}-{how}" for source in ("own", "all") for how in ("mix", "filter", "pretrain")),
)


def percent(portion: float) -> int:
    """A portion as whole per cent, for the names of facts."""
    return round(100 * portion)


def stages(runs: Mapping[str, Run], start: str) -> list[Run]:
    """The runs whose stages begin so."""
    return [run for name, run in runs.items() if name.startswith(start)]


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """Every value of the part, if its runs are there."""
    grids = stages(runs, "grid-")
    counts = [int(count) for count in config["retraining"]["few"]["counts"]]
    if not grids or not all(stages(runs, f"few-{count}-") for count in counts):
        return []
    few = {count: stages(runs, f"few-{count}-") for count in counts}
    every = [*grids, *(run for group in few.values() for run in group)]
    found = [*about("retraining", every), *_of_grid(grids)]
    for count, group in few.items():
        found += _of_few(count, group)
    found += _settings(grids[0], few[counts[0]][0], runs["cgan-long"])
    least, most = counts[0], counts[-1]
    for word, count in (("least", least), ("most", most)):
        found.append(Fact(f"retraining.{word}_labels", count, digits=0, runs=(grids[0].key,)))
        gained = [_gain(run) for run in few[count]]
        for source in ("own", "all", "shifted"):
            gains = {
                run.key: 100 * one[source] for run, one in zip(few[count], gained, strict=True)
            }
            found.append(mean(f"retraining.{word}.{source}_gain", gains, "points"))
        for arm in FEW:
            found.append(mean(f"retraining.{word}.{arm}", _accuracies(few[count], arm), "%"))
    return found


def _of_grid(grids: Sequence[Run]) -> list[Fact]:
    found = []
    for row in grids[0].history:
        how, real, made = row["strategy"], row["real"], row["synthetic"]
        values = {
            run.key: 100 * float(one["accuracy"])
            for run in grids
            for one in run.history
            if (one["strategy"], one["real"], one["synthetic"]) == (how, real, made)
        }
        name = f"retraining.{how}.r{percent(real)}.s{percent(made)}"
        found.append(mean(name, values, "%"))
    portions = sorted({float(row["real"]) for row in grids[0].history if row["real"] > 0})
    best: dict[float, float] = {}
    for word, portion in (("smallest", portions[0]), ("whole", portions[-1])):
        values = [
            float(np.mean([100 * run.history[at]["accuracy"] for run in grids]))
            for at, row in enumerate(grids[0].history)
            if row["real"] == portion and row["synthetic"] > 0
        ]
        best[portion] = max(values)
        keys = tuple(run.key for run in grids)
        alone = next(
            fact for fact in found if fact.name == f"retraining.mix.r{percent(portion)}.s0"
        )
        gain = best[portion] - float(alone.value)
        found.append(Fact(f"retraining.{word}_real", percent(portion), "%", 0, runs=keys))
        found.append(Fact(f"retraining.{word}_alone", alone.value, "%", 2, runs=keys))
        found.append(Fact(f"retraining.{word}_best", best[portion], "%", 2, runs=keys))
        found.append(Fact(f"retraining.{word}_gain", gain, "points", 2, runs=keys))
    made_only = next(fact for fact in found if fact.name == "retraining.mix.r0.s100")
    found.append(Fact("retraining.made_only", made_only.value, "%", 2, runs=made_only.runs))
    return found


def _accuracies(group: Sequence[Run], arm: str) -> dict[str, float]:
    return {
        run.key: 100 * float(row["accuracy"])
        for run in group
        for row in run.history
        if row["arm"] == arm
    }


def _gain(run: Run) -> dict[str, float]:
    """What the arms of each source gain over the real images alone, on average."""
    of = {row["arm"]: float(row["accuracy"]) for row in run.history}
    alone = of["real"]
    gains = {"shifted": of["shifted"] - alone}
    for source in ("own", "all"):
        gains[source] = float(np.mean([of[f"{source}-{how}"] for how in _hows()])) - alone
    return gains


def _hows() -> tuple[str, ...]:
    return ("mix", "filter", "pretrain")


def _of_few(count: int, group: Sequence[Run]) -> list[Fact]:
    found = []
    for arm in FEW:
        found.append(mean(f"retraining.few{count}.{arm}", _accuracies(group, arm), "%"))
        used = {
            run.key: float(row["used"]) for run in group for row in run.history if row["arm"] == arm
        }
        found.append(mean(f"retraining.few{count}.{arm}.used", used, digits=0))
    for source in ("own", "all"):
        values = {run.key: 100 * float(run.result[f"{source}_success"]) for run in group}
        found.append(mean(f"retraining.few{count}.{source}_success", values, "%"))
    return found


def _settings(grid: Run, few: Run, long: Run) -> list[Fact]:
    keys = (grid.key, few.key)
    counts = {
        "steps": grid.params["steps"],
        "few_steps": few.params["steps"],
        "batch": grid.params["classifier"]["batch"],
        "generated": few.params["generated"],
        "shift": few.params["shift"],
        "own_iterations": few.params["iterations"],
        "synthetic": long.params["samples"],
    }
    found = [Fact(f"retraining.{name}", n, digits=0, runs=keys) for name, n in counts.items()]
    found.append(Fact("retraining.least", 100 * grid.params["least"], "%", 0, runs=keys))
    share = 100 * grid.params["finetune"]["share"]
    found.append(Fact("retraining.first_share", share, "%", 0, runs=keys))
    error = 100 * _standard_error(grid)
    found.append(Fact("retraining.standard_error", error, "points", 2, runs=keys))
    return found


def _standard_error(grid: Run) -> float:
    """That of the accuracy which all real images alone give, from the number of test images."""
    real = [row for row in grid.history if row["synthetic"] == 0]
    share = float(max(real, key=lambda row: float(row["real"]))["accuracy"])
    return float(np.sqrt(share * (1 - share) / (grid.dataset or {})["test"]))


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """What a report may say of these facts, and whether they bear it out."""
    value = {n: float(f.value) for n, f in facts.items() if not isinstance(f.value, str)}
    spread = {n: float(f.spread or 0.0) for n, f in facts.items()}
    if "retraining.whole_gain" not in value:
        return {}
    error = value["retraining.standard_error"]
    found = {
        "whole_gains_nothing": value["retraining.whole_gain"] <= 2 * error,
        "smallest_gains": value["retraining.smallest_gain"] > 2 * error,
        "made_only_below_real": value["retraining.made_only"] < value["retraining.whole_alone"],
    }
    for word in ("least", "most"):
        own, lent, shifted = (
            value[f"retraining.{word}.{name}_gain"] for name in ("own", "all", "shifted")
        )
        found[f"{word}_lent_gains"] = lent > spread[f"retraining.{word}.all_gain"]
        found[f"{word}_own_gains"] = own > spread[f"retraining.{word}.own_gain"]
        found[f"{word}_lent_beats_own"] = lent > own
        found[f"{word}_shift_beats_own"] = shifted > own
    return found

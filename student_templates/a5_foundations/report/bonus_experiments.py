"""The bonus of problem 2.2: diagnose the best network, then overfit or regularise it.

What is done follows from the diagnosis: both remedies stand in the configuration, and a run uses
the one that the implementation's `diagnose` asks for. Against overfitting the best network itself
is trained again, regularised; against underfitting a larger one of the deeper kind. The choice of
the best network and the diagnosis rest on training and validation images alone.
"""

from collections.abc import Mapping
from typing import Any

from kit.experiments import Context, Fact, Run, Stage, beside
from kit.experiments.facts import about, mean

cnn = beside(__file__, "cnn_experiments")
training = beside(__file__, "network_training")
REMEDIES = {"overfitting": "regularised", "underfitting": "larger"}


def plan(config: dict[str, Any]) -> list[Stage]:
    """Of every seed one training, after those of the networks among which it finds the best."""
    stages = []
    for seed in config["seeds"]:
        needs = tuple(f"cnn-{name}-{seed}" for name in cnn.NETWORKS)
        remedies = {remedy: config["bonus"][remedy] for remedy in REMEDIES.values()}
        params = {
            **{name: config["cnn"][name] for name in ("held_out", "batch")},
            "seed": seed,
            "trials": list(needs),
            "remedies": remedies,
            "test": True,
            "networks": {name: cnn.settings(config, name) for name in cnn.NETWORKS},
        }
        data = config["cnn"]["data"]
        stages.append(Stage(f"bonus-{seed}", "bonus", train, params, needs, data))
    return stages


def train(ctx: Context) -> None:
    """Find the best network of this seed, diagnose it, and train what the diagnosis asks for."""
    runs = [ctx.run(name) for name in ctx.params["trials"]]
    best = max(runs, key=lambda run: run.result["validation_accuracy"])
    diagnosis = ctx.code.diagnose(best.history)
    remedy, name = REMEDIES[diagnosis], best.stage.split("-")[1]
    own = {**ctx.params["networks"][name], "rate": best.result["rate"]}
    p = _treated(own if remedy == "regularised" else ctx.params["networks"]["deeper"], ctx, remedy)
    ctx.record("best", name)
    ctx.record("diagnosis", diagnosis)
    ctx.record("used", {key: p[key] for key in ("epochs", "rate", "weight_decay", "augment")})
    ctx.record("options", p["options"])
    training.train_network(ctx, p)


def _treated(network: Mapping[str, Any], ctx: Context, remedy: str) -> dict[str, Any]:
    """How a network is trained with a remedy; dropout only where the network has a place for it."""
    changes = ctx.params["remedies"][remedy]
    options = changes["options"] if network["network"] == "DeeperCNN" else {}
    return {**network, **changes, "test": True, "options": {**network["options"], **options}}


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """What a report may state of the bonus."""
    mine = [runs[f"bonus-{seed}"] for seed in config["seeds"]]
    first, keys = mine[0].result, tuple(run.key for run in mine)
    best = [runs[f"cnn-{run.result['best']}-{run.params['seed']}"] for run in mine]
    options = first["options"]
    found = about("bonus", mine)
    found.append(Fact("bonus.seeds", len(mine), digits=0, runs=keys))
    found.append(Fact("bonus.best", first["best"].replace("_", " "), runs=keys))
    found.append(Fact("bonus.diagnosis", first["diagnosis"], runs=keys))
    same = sum(run.result["diagnosis"] == first["diagnosis"] for run in mine)
    found.append(Fact("bonus.same_diagnosis", same, digits=0, runs=keys))
    widths = ", ".join(str(width) for width in options.get("widths", ()))
    found.append(Fact("bonus.widths", widths, runs=keys))
    for name, value in {**first["used"], "dropout": options.get("dropout", 0.0)}.items():
        found.append(Fact(f"bonus.{name}", f"{value:g}", runs=keys))
    found.append(Fact("bonus.before.epochs", best[0].params["epochs"], digits=0, runs=keys))
    rows = [run.history[-1] for run in best]
    gaps = [100 * (row["train_accuracy"] - row["validation_accuracy"]) for row in rows]
    by_run = dict(zip((run.key for run in best), gaps, strict=True))
    found.append(mean("bonus.best_gap", by_run, "points", 1))
    found += cnn.ends("bonus.network", mine)
    found += cnn.ends("bonus.before", best)
    return [*found, *cnn.differences("bonus.gain", mine, best)]


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """What a report may say of these facts, and whether they bear it out."""
    gap, before = (float(facts[f"bonus.{name}.gap"].value) for name in ("network", "before"))
    return {
        "bonus_overfits": facts["bonus.diagnosis"].value == "overfitting",
        "bonus_seeds_disagree": facts["bonus.same_diagnosis"].value != facts["bonus.seeds"].value,
        "bonus_uses_dropout": float(facts["bonus.dropout"].value) > 0,
        "bonus_gap_grew": gap > before,
        "bonus_as_long": facts["bonus.epochs"].value == f"{facts['bonus.before.epochs'].value:g}",
        "bonus_now_overfits": gap > 5.0,
        "bonus_helps": float(facts["bonus.gain"].value) > 0,
    }

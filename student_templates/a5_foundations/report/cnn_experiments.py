"""Problem 2.2: the base CNN and what becomes of it without ReLU, without pooling, and deeper.

The learning rate of the base family is chosen on the validation images. The test images are read
once per network, after its training, and decide nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from kit.experiments import Context, Fact, Run, Stage, beside
from kit.experiments.facts import about, mean
from kit.experiments.sources import source

training = beside(__file__, "network_training")
TUNING_SEED = 0
FAMILY = {  # the networks that share the base's settings
    "base": ("BaseCNN", {}),
    "no_relu": ("BaseCNN", {"relu": False}),
    "strided": ("StridedCNN", {"kernel_size": 2}),
    "strided3": ("StridedCNN", {"kernel_size": 3}),
    "affine": ("StridedCNN", {"kernel_size": 2, "relu": False}),
    "narrow": ("DeeperCNN", {"widths": [6, 16], "batch_norm": False, "dropout": 0.0}),
}
NETWORKS = (*FAMILY, "deeper")
SETS = ("train", "validation", "test")


def plan(config: dict[str, Any]) -> list[Stage]:
    """The code that is shown; trials of the base's rate; of every seed each network."""
    c, data = config["cnn"], config["cnn"]["data"]
    stages = [Stage("cnn-code", "cnn", keep_code, {}, (), data)]

    def add(name: str, **params: Any) -> str:
        stages.append(Stage(name, "cnn", train, params, tuple(params["trials"]), data))
        return name

    trials: list[str] = []
    for rate in c["rates"] if len(c["rates"]) > 1 else ():
        how = {**settings(config, "base"), "epochs": c["tune_epochs"], "rate": rate, "test": False}
        trials.append(add(f"tune-base-{rate:g}", **how, seed=TUNING_SEED, trials=[]))
    for seed in config["seeds"]:
        for name in NETWORKS:
            tried = trials if name in FAMILY else []
            add(f"cnn-{name}-{seed}", **settings(config, name), seed=seed, trials=tried)
    return stages


def settings(config: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What network a stage trains, and how; not its seed, nor the trials that choose its rate."""
    c, own = config["cnn"], config["deeper"]
    found = {key: c[key] for key in ("held_out", "batch", "momentum", "warm_up")}
    found |= {"augment": 0, "test": True}
    if name == "deeper":
        options = {"widths": own["widths"], "batch_norm": own["batch_norm"], "dropout": 0.0}
        how = {key: own[key] for key in ("epochs", "rate", "weight_decay")}
        return {**found, **how, "network": "DeeperCNN", "options": options}
    kind, options = FAMILY[name]
    epochs = c["affine_epochs"] if name == "affine" else c["epochs"]
    how = {"epochs": epochs, "rate": c["rates"][0], "weight_decay": c["weight_decay"]}
    return {**found, **how, "network": kind, "options": options}


def keep_code(ctx: Context) -> None:
    """Keep the code that the report shows."""
    code = ctx.code
    ctx.record("loader", source(code.make_loader))
    ctx.record("training", source(code.make_train_step, code.train_cnn))
    ctx.record("base", source(code.BaseCNN))
    ctx.record("strided", source(code.StridedCNN))
    ctx.record("deeper", source(code.DeeperCNN))


def train(ctx: Context) -> None:
    """Train one network of the family, at the rate of the best trial where there are several."""
    trials = [ctx.run(name) for name in ctx.params["trials"]]
    best = min(trials, key=lambda run: run.result["validation_loss"], default=None)
    rate = best.params["rate"] if best else ctx.params["rate"]
    training.train_network(ctx, {**ctx.params, "rate": rate})


def seeds_of(runs: Mapping[str, Run], config: Mapping[str, Any], name: str) -> list[Run]:
    """The runs of a network, one per seed."""
    return [runs[f"cnn-{name}-{seed}"] for seed in config["seeds"]]


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """What a report may state of the networks of problem 2.2, without its bonus."""
    mine = [run for run in runs.values() if run.part == "cnn" and run.stage != "cnn-code"]
    networks = {name: seeds_of(runs, config, name) for name in NETWORKS}
    base, c, own = networks["base"], config["cnn"], config["deeper"]
    keys = tuple(run.key for run in base)
    counts = {
        **{name: c[name] for name in ("held_out", "batch", "epochs", "tune_epochs")},
        "seeds": len(base),
        "kept": (base[0].dataset or {}).get("train", 0) - c["held_out"],
        "affine.epochs": c["affine_epochs"],
        "deeper.epochs": own["epochs"],
    }
    found = about("cnn", mine)
    found += [Fact(f"cnn.{name}", n, digits=0, runs=keys) for name, n in counts.items()]
    widths = ", ".join(str(width) for width in own["widths"])
    found += [Fact("cnn.deeper.widths", widths, runs=keys)]
    settings = {
        "momentum": c["momentum"],
        "weight_decay": c["weight_decay"],
        "rate": base[0].result["rate"],
        "deeper.rate": own["rate"],
        "deeper.weight_decay": own["weight_decay"],
    }
    found += [Fact(f"cnn.{name}", f"{value:g}", runs=keys) for name, value in settings.items()]
    for name, group in networks.items():
        found += ends(f"cnn.{name}", group)
        found += differences(f"cnn.{name}.gain", group, base)
    for name, run in runs.items():
        if name.startswith("tune-base"):
            losses = {run.key: run.result["validation_loss"]}
            found.append(mean(f"cnn.{name}", losses, "", 3))
    return found


def ends(name: str, runs: Sequence[Run]) -> list[Fact]:
    """The size of a network, how it ended on the three sets, the gap between the first two."""
    keys = tuple(run.key for run in runs)
    found = [Fact(f"{name}.parameters", runs[0].result["parameters"], digits=0, runs=keys)]
    for data in SETS:
        accuracy = {run.key: 100 * run.result[f"{data}_accuracy"] for run in runs}
        loss = {run.key: run.result[f"{data}_loss"] for run in runs}
        found.append(mean(f"{name}.{data}_accuracy", accuracy, "%", 1))
        found.append(mean(f"{name}.{data}_loss", loss, "", 3))
    gaps = {
        run.key: 100 * (run.result["train_accuracy"] - run.result["validation_accuracy"])
        for run in runs
    }
    minutes = {run.key: run.seconds / 60 for run in runs}
    return [*found, mean(f"{name}.gap", gaps, "points", 1), mean(f"{name}.time", minutes, "min", 1)]


def differences(name: str, first: Sequence[Run], second: Sequence[Run]) -> list[Fact]:
    """By how many points of test accuracy the first networks are ahead, seed by seed."""
    points = {
        a.key: 100 * (a.result["test_accuracy"] - b.result["test_accuracy"])
        for a, b in zip(first, second, strict=True)
    }
    return [mean(name, points, "points", 1)]


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """What a report may say of these facts, and whether they bear it out."""
    test, trained, gap, parameters = (
        {name: float(facts[f"cnn.{name}.{what}"].value) for name in NETWORKS}
        for what in ("test_accuracy", "train_accuracy", "gap", "parameters")
    )
    epochs, of_deeper = (float(facts[f"cnn.{name}"].value) for name in ("epochs", "deeper.epochs"))
    return {
        "cnn_base_reaches_64": test["base"] >= 64.0,
        "cnn_base_overfits": gap["base"] > 5.0,
        "cnn_relu_helps": test["no_relu"] < test["base"],
        "cnn_no_relu_far_above_affine": test["no_relu"] > test["affine"] + 10,
        "cnn_no_relu_gap_smaller": gap["no_relu"] < gap["base"],
        "cnn_strided_is_worse": test["strided"] < test["base"],
        "cnn_strided_has_more_parameters": parameters["strided"] > parameters["base"],
        "cnn_strided_fits_less": trained["strided"] < trained["base"]
        and gap["strided"] < gap["base"],
        "cnn_strided3_is_better": test["strided3"] > test["strided"],
        "cnn_rate_was_tuned": any(name.startswith("cnn.tune-base") for name in facts),
        "cnn_base_limited": trained["base"] < 90.0,
        "cnn_narrow_learns": trained["narrow"] > 30.0,
        "cnn_depth_alone_helps": test["narrow"] > test["base"],
        "cnn_depth_is_smaller_part": test["narrow"] - test["base"]
        < (test["deeper"] - test["base"]) / 2,
        "cnn_deeper_fewer_epochs": of_deeper < epochs,
        "cnn_deeper_is_best": test["deeper"] == max(test.values()),
        "cnn_deeper_reaches_75": test["deeper"] >= 75.0,
    }

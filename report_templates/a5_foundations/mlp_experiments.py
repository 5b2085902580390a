"""Problem 2.1: the perceptron with each regulariser and each optimiser; the facts of all that.

Rates are chosen on the images set aside for validation, by the stages whose names begin with
`tune`. The test images are read once per network, after its training, and decide nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kit.experiments import Context, Fact, Run, Stage
from kit.experiments.facts import about, mean
from kit.experiments.keras_models import summary
from kit.experiments.sources import source

SPLIT_SEED = 0  # the same images are set aside whatever the seed of a training
OPTIMISERS = ("sgd", "momentum", "adam")
REGULARISERS = ("none", "l2", "dropout", "augmentation", "early_stopping", "combined")
MEASURES = ("train_accuracy", "validation_accuracy", "test_accuracy")
LOSSES = ("train_loss", "validation_loss", "test_loss")


def plan(config: dict[str, Any]) -> list[Stage]:
    """The code that is shown; trials of the rates; of every seed each network."""
    c, data = config["mlp"], config["mlp"]["data"]
    shared = {"held_out": c["held_out"], "batch": c["batch"], "hidden": c["hidden"]}
    stages = [Stage("mlp-code", "mlp", keep_code, {}, (), data)]

    def add(name: str, **params: Any) -> str:
        params = {**shared, **params}
        stages.append(Stage(name, "mlp", train, params, tuple(params["trials"]), data))
        return name

    trials: dict[str, list[str]] = {name: [] for name in OPTIMISERS}
    for name in OPTIMISERS:
        for rate in c["rates"][name] if len(c["rates"][name]) > 1 else ():
            how = {"optimiser": name, "rate": rate, "epochs": c["tune_epochs"], "trials": []}
            trials[name].append(add(f"tune-{name}-{rate:g}", **how, seed=SPLIT_SEED, test=False))
    for seed in config["seeds"]:
        for name, how in _networks(c):
            optimiser = how.get("optimiser", "adam")
            shared_rate = {"rate": c["rates"][optimiser][0], "trials": trials[optimiser]}
            whole = {"epochs": c["epochs"], "optimiser": optimiser, **shared_rate, **how}
            add(f"mlp-{name}-{seed}", **whole, seed=seed, test=True)
    return stages


def _networks(c: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What distinguishes each network; "none" is also the one that Adam trains."""
    yield "none", {}
    yield "l2", {"l2": c["l2"]}
    yield "dropout", {"dropout": c["dropout"]}
    yield "augmentation", {"shift": c["shift"]}
    yield "early_stopping", {"patience": c["patience"]}
    own_rate = {"rate": c["long_rate"], "trials": []} if c["long_rate"] else {}
    long = {"epochs": c["long_epochs"], **own_rate}
    yield "combined", {"dropout": c["dropout"], "shift": c["shift"], **long}
    yield "sgd", {"optimiser": "sgd"}
    yield "momentum", {"optimiser": "momentum"}


def keep_code(ctx: Context) -> None:
    """Keep the code that the report shows."""
    code = ctx.code
    pieces = (code.split_validation, code.pixel_statistics, code.preprocess_images)
    ctx.record("preprocessing", source(*pieces))
    ctx.record("model", source(code.build_mlp))
    ctx.record("optimiser", source(code.make_optimizer))
    ctx.record("training", source(code.train_mlp))


def _arrays(ctx: Context) -> dict[str, tuple[Any, Any]]:
    """Training, validation and test images, normalised by what the training images alone tell."""
    import numpy as np

    code, data = ctx.code, ctx.data
    train, validation = code.split_validation(
        data.train_images,
        data.train_labels,
        ctx.params["held_out"],
        np.random.default_rng(SPLIT_SEED),
    )
    statistics = code.pixel_statistics(train[0])
    test = data.test_images, data.test_labels
    return {
        name: (code.preprocess_images(images, *statistics), labels)
        for name, (images, labels) in (("train", train), ("validation", validation), ("test", test))
    }


def train(ctx: Context) -> None:
    """Train one network; keep how it did on all three sets, on the test images only if asked to."""
    import keras  # seconds to import, so only where a network is trained

    keras.utils.set_random_seed(ctx.seed)
    p, sets = ctx.params, _arrays(ctx)
    regularisers = {name: p[name] for name in ("l2", "dropout", "shift") if name in p}
    model = ctx.code.build_mlp(tuple(p["hidden"]), **regularisers)
    trials = [ctx.run(name) for name in p["trials"]]
    best = min(trials, key=lambda run: run.result["validation_loss"], default=None)
    rate = best.params["rate"] if best else p["rate"]
    ctx.code.train_mlp(
        model,
        ctx.code.make_optimizer(p["optimiser"], rate),
        sets["train"],
        sets["validation"],
        p["epochs"],
        p["batch"],
        p.get("patience"),
        lambda row: ctx.epoch(epochs=p["epochs"], **row),
    )
    ctx.record("rate", rate)
    ctx.record("summary", summary(model))
    for name, (images, labels) in sets.items():
        if name != "test" or p["test"]:
            loss, accuracy = ctx.code.evaluate_mlp(model, images, labels)
            ctx.record(f"{name}_loss", loss)
            ctx.record(f"{name}_accuracy", accuracy)


def seeds_of(runs: Mapping[str, Run], config: Mapping[str, Any], name: str) -> list[Run]:
    """The runs of a network, one per seed."""
    return [runs[f"mlp-{name}-{seed}"] for seed in config["seeds"]]


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """What a report may state of the perceptrons."""
    mine = [run for run in runs.values() if run.part == "mlp"]
    networks = {name: seeds_of(runs, config, name) for name, _ in _networks(config["mlp"])}
    plain = networks["none"]
    keys, c = tuple(run.key for run in plain), config["mlp"]
    counts = {
        **{name: c[name] for name in ("held_out", "batch", "epochs", "long_epochs", "patience")},
        **{name: c[name] for name in ("tune_epochs", "shift")},
        "seeds": len(plain),
        "kept": (mine[0].dataset or {}).get("train", 0) - c["held_out"],
        "parameters": plain[0].result["summary"]["trainable"],
    }
    found = about("mlp", [run for run in mine if run.stage != "mlp-code"])
    found += [Fact(f"mlp.{name}", n, digits=0, runs=keys) for name, n in counts.items()]
    found += [Fact(f"mlp.{name}", f"{c[name]:g}", runs=keys) for name in ("l2", "dropout")]
    for name in (*OPTIMISERS, "combined"):
        rate = networks.get(name, plain)[0].result["rate"]
        found.append(Fact(f"mlp.{name}.rate", f"{rate:g}", runs=keys))
    for name, group in networks.items():
        found += ends(f"mlp.{name}", group)
    for name, run in runs.items():
        if name.startswith("tune-") and run.part == "mlp":
            losses = {run.key: run.result["validation_loss"]}
            found.append(mean(f"mlp.{name}", losses, "", 4))
    return found


def ends(name: str, runs: Sequence[Run]) -> list[Fact]:
    """How networks ended on the three sets, how long they took, their lowest validation loss."""
    found = [
        mean(f"{name}.{key}", {run.key: 100 * run.result[key] for run in runs}, "%")
        for key in MEASURES
    ]
    found += [mean(f"{name}.{key}", {r.key: r.result[key] for r in runs}, "", 3) for key in LOSSES]
    gaps = {
        run.key: 100 * (run.result["train_accuracy"] - run.result["validation_accuracy"])
        for run in runs
    }
    found.append(mean(f"{name}.gap", gaps, "points"))
    first = {run.key: run.history[0]["train_loss"] for run in runs}
    found.append(mean(f"{name}.first_loss", first, "", 3))
    lowest = {run.key: min(row["validation_loss"] for row in run.history) for run in runs}
    found.append(mean(f"{name}.lowest_validation_loss", lowest, "", 3))
    epochs = {run.key: len(run.history) for run in runs}
    if len(set(epochs.values())) == 1:
        return [*found, Fact(f"{name}.epochs", len(runs[0].history), runs=tuple(epochs))]
    return [*found, mean(f"{name}.epochs", epochs, "", 1)]


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """What a report may say of these facts, and whether they bear it out."""

    def value(name: str) -> float:
        return float(facts[f"mlp.{name}"].value)

    gap, loss = value("none.gap"), value("none.validation_loss")
    accuracy = {
        name: value(f"{name}.validation_accuracy") for name in (*REGULARISERS, "sgd", "momentum")
    }
    found = {
        "mlp_overfits": gap > 0 and loss > 1.02 * value("none.lowest_validation_loss"),
        "mlp_reaches_98_5": value("combined.test_accuracy") >= 98.5,
        "mlp_sgd_is_slowest": value("sgd.train_loss")
        > max(value("momentum.train_loss"), value("none.train_loss")),
        "mlp_adam_is_fastest": value("none.train_loss")
        < min(value("momentum.train_loss"), value("sgd.train_loss")),
        "mlp_sgd_starts_slowest": value("sgd.first_loss")
        > max(value("momentum.first_loss"), value("none.first_loss")),
        "mlp_adam_generalises_worst": value("none.validation_loss")
        > max(value("momentum.validation_loss"), value("sgd.validation_loss")),
        "mlp_combined_is_best": max(accuracy, key=lambda name: accuracy[name]) == "combined",
        "mlp_early_stopping_saves": value("early_stopping.epochs") < value("epochs"),
    }
    for name in REGULARISERS[1:]:
        found[f"mlp_{name}_closes_gap"] = value(f"{name}.gap") < gap
        found[f"mlp_{name}_lowers_loss"] = value(f"{name}.validation_loss") < loss
    return found

"""Questions 2 and 3: a shallow, a deep and a wide MLP, the choice of a model, the learning rate.

All are trained by SGD on the training images alone. The validation images choose the learning rate
and the weight decay (stages whose names begin with `tune`), the epoch at which the rate falls, and
the epoch that is deployed. The test images are read once for each network that a criterion chose.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np

from kit.experiments import Context, Stage
from kit.experiments.energy import Assumptions, PowerMeter

NETWORKS = {"shallow": [32], "deep": [32, 64, 32], "wide": [128, 64, 128]}
CRITERIA = ("lowest_train_loss", "lowest_validation_loss", "highest_validation_accuracy")
CHOSEN = "highest_validation_accuracy"  # the criterion by which networks are compared
PAIRS = {  # what is compared on the same test images: the second against the first
    "shallow": (("shallow-fixed", "shallow-step"),),
    "deep": (("shallow-step", "deep"), ("deep", "wide"), ("shallow-step", "wide")),
}


def plan(config: dict[str, Any]) -> list[Stage]:
    """Trials where several rates are given, then every network with every seed."""
    c, seeds = config["mlps"], config["seeds"]
    names = ("batch", "momentum", "train", "validation", "window", "tolerance", "factor")
    shared = {name: c[name] for name in names}
    stages: list[Stage] = []

    def add(name: str, part: str, needs: Sequence[str] = (), **params: Any) -> None:
        stages.append(Stage(name, part, train, {**shared, **params}, tuple(needs), c["data"]))

    for network, hidden in NETWORKS.items():
        part, trials = _part(network), []
        grid = [(rate, decay) for rate in c["rates"] for decay in c["weight_decays"]]
        for rate, decay in grid if len(grid) > 1 else ():
            name = f"tune-{network}-{rate:g}-{decay:g}"
            how = {"hidden": hidden, "rate": rate, "weight_decay": decay, "falls": c["falls"]}
            how |= {"seed": seeds[0], "epochs": c["tune_epochs"], "trials": [], "test": False}
            add(name, part, **how)
            trials.append(name)
        how = {"hidden": hidden, "rate": grid[0][0], "weight_decay": grid[0][1]}
        how |= {"trials": trials, "test": True}
        meter = dict(config["carbon"]) if network == "wide" else {}
        for seed in seeds:
            if network == "shallow":
                fixed = {**how, "falls": 0, "epochs": c["fixed_epochs"]}
                add(f"shallow-fixed-{seed}", part, trials, **fixed, seed=seed)
            name = f"shallow-step-{seed}" if network == "shallow" else f"{network}-{seed}"
            falling = {**how, "falls": c["falls"], "epochs": c["epochs"], "meter": meter}
            add(name, part, trials, **falling, seed=seed)
    for part, pairs in PAIRS.items():
        for seed in seeds:
            needs = tuple(dict.fromkeys(f"{name}-{seed}" for pair in pairs for name in pair))
            params = {"seed": seed, "pairs": [list(pair) for pair in pairs]}
            stages.append(Stage(f"compare-{part}-{seed}", part, compare, params, needs))
    return stages


def _part(network: str) -> str:
    return "shallow" if network == "shallow" else "deep"


def splits(ctx: Context) -> dict[str, tuple[Any, Any]]:
    """Train, validation and test as tensors, through the implementation's own parser.

    A data set without validation images gives them from its training images, drawn once.
    """
    import torch  # seconds to import, so only where a network is trained

    data, p = ctx.data, ctx.params
    train = data.train_images, data.train_labels
    validation = data.validation_images, data.validation_labels
    if validation[0] is None:
        rows = np.random.default_rng(0).permutation(len(train[1]))[: p["train"] + p["validation"]]
        validation = train[0][rows[p["train"] :]], train[1][rows[p["train"] :]]
        train = train[0][rows[: p["train"]]], train[1][rows[: p["train"]]]
    stored = {}
    test = data.test_images, data.test_labels
    for place, (images, labels) in enumerate((train, validation, test)):
        stored[f"arr_{2 * place}"] = images.reshape(len(images), -1).T  # as the course's files
        stored[f"arr_{2 * place + 1}"] = labels
    parts = ctx.code.parse_splits(stored)
    return {name: (torch.from_numpy(x), torch.from_numpy(y)) for name, (x, y) in parts.items()}


def train(ctx: Context) -> None:
    """Train one network by SGD and test what each criterion chose; meter its power if asked to."""
    import torch  # seconds to import, so only where a network is trained

    torch.set_num_threads(1)  # such nets are faster on one, and its sums have one order
    torch.manual_seed(ctx.seed)
    p, parts = ctx.params, splits(ctx)
    rate, decay = _best_trial(ctx)
    model = ctx.code.build_mlp(p["hidden"])
    optimizer = torch.optim.SGD(
        model.parameters(), rate, momentum=p["momentum"], weight_decay=decay
    )
    kept: dict[str, dict[str, Any]] = {}
    meter = _meter(p.get("meter"))
    with meter or nullcontext():
        milestones = _fit(ctx, model, optimizer, parts, kept, meter)
    for name, value in (("rate", rate), ("weight_decay", decay), ("milestones", milestones)):
        ctx.record(name, value)
    ctx.record("sizes", {name: len(part[1]) for name, part in parts.items()})
    ctx.record("parameters", ctx.code.count_parameters(model))
    ctx.record("formula", ctx.code.mlp_parameters(p["hidden"]))
    ctx.record("shapes", [list(x.weight.shape) for x in model if isinstance(x, torch.nn.Linear)])
    for key in ("train_loss", "validation_loss"):
        losses = [row[key] for row in ctx.history]
        ctx.record(f"plateau_{key}", ctx.code.plateau_epoch(losses, p["window"], p["tolerance"]))
    if p["test"]:
        _test(ctx, model, kept, parts["test"])
    if meter:
        _energy(ctx, meter)


def _best_trial(ctx: Context) -> tuple[float, float]:
    """The rate and the weight decay of the trial with the lowest validation loss of any epoch."""
    trials = [ctx.run(name) for name in ctx.params["trials"]]
    if not trials:
        return ctx.params["rate"], ctx.params["weight_decay"]
    best = min(trials, key=lambda run: min(row["validation_loss"] for row in run.history))
    return best.params["rate"], best.params["weight_decay"]


def _fit(
    ctx: Context,
    model: Any,
    optimizer: Any,
    parts: Mapping[str, tuple[Any, Any]],
    kept: dict[str, dict[str, Any]],
    meter: PowerMeter | None,
) -> list[int]:
    """Train; the epochs at which the rate fell, since the validation loss had stopped falling."""
    import torch  # seconds to import, so only where a network is trained

    p, milestones = ctx.params, []
    rate, loss = optimizer.param_groups[0]["lr"], torch.nn.functional.cross_entropy

    def epoch_of_training(epoch: int) -> tuple[float, float]:
        since = milestones[-1] - 1 if milestones else 0
        losses = [row["validation_loss"] for row in ctx.history[since:]]
        if len(milestones) < p["falls"] and ctx.code.plateau_epoch(
            losses, p["window"], p["tolerance"]
        ):
            milestones.append(epoch)
        for group in optimizer.param_groups:
            group["lr"] = ctx.code.decayed_rate(rate, epoch, milestones, p["factor"])
        generator = torch.Generator().manual_seed(1000 * ctx.seed + epoch)
        batches = ctx.code.shuffled_batches(*parts["train"], p["batch"], generator)
        found: tuple[float, float] = ctx.code.train_epoch(model, optimizer, loss, batches)
        return found

    def on_epoch(row: dict[str, Any]) -> None:
        ctx.code.remember_best(kept, row, model)
        ctx.epoch(epochs=p["epochs"], **row)
        if meter:
            meter.read()

    evaluations = {"validation": lambda: ctx.code.evaluate(model, loss, *parts["validation"])}
    ctx.code.train_classifier(epoch_of_training, evaluations, p["epochs"], on_epoch)
    return milestones


def _test(
    ctx: Context, model: Any, kept: Mapping[str, Mapping[str, Any]], test: tuple[Any, Any]
) -> None:
    """Read the test set once for the network that each criterion chose."""
    import torch  # seconds to import, so only where a network is trained

    loss, right = torch.nn.functional.cross_entropy, {}
    for criterion in CRITERIA:
        model.load_state_dict(kept[criterion]["weights"])
        found = ctx.code.evaluate(model, loss, *test)
        with torch.no_grad():
            right[criterion] = (model(test[0]).argmax(dim=1) == test[1]).numpy()
        ctx.save(f"right-{criterion}", right[criterion], local=True)
        row = next(row for row in ctx.history if row["epoch"] == kept[criterion]["epoch"])
        about = {"test_loss": found[0], "test_accuracy": found[1], **row}
        about["ahead"] = ctx.code.accuracy_difference(right[CRITERIA[0]], right[criterion])
        ctx.record(criterion, about)


def _meter(carbon: Mapping[str, Any] | None) -> PowerMeter | None:
    if not carbon:
        return None
    names = ("watts_per_core", "memory_gb", "watts_per_gb")
    return PowerMeter(Assumptions(*(carbon[name] for name in names)), carbon["method"])


def _energy(ctx: Context, meter: PowerMeter) -> None:
    carbon = ctx.params["meter"]
    kwh = ctx.code.energy_kwh(meter.seconds, meter.watts)
    grams = ctx.code.emissions_g(kwh, carbon["grams_per_kwh"], carbon["pue"])
    about = {"method": meter.method, "kwh": kwh, "grams": grams, "seconds": meter.seconds[-1]}
    ctx.record("energy", {**about, "cpu_seconds": meter.cpu_seconds})


def compare(ctx: Context) -> None:
    """How far the second network of each pair is ahead of the first, on the same test images."""
    for first, second in ctx.params["pairs"]:
        right = [ctx.run(f"{name}-{ctx.seed}").array(f"right-{CHOSEN}") for name in (first, second)]
        ctx.record(f"{first}:{second}", ctx.code.accuracy_difference(*right))

"""Exercise 1: train the MLP, factorise it at every compression, refine it; the facts of all that.

The test set is read after each epoch for the curves of the report and decides nothing: learning
rates are chosen on images held out of the training set, by the stages whose names begin with
`tune`; in their histories `test_accuracy` is the accuracy on those images.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from kit.experiments import Context, Fact, Run, Stage
from kit.experiments.facts import about, mean
from kit.experiments.keras_models import cosine, predict, restore, state, summary

FACTORS = (2, 4, 8)
STARTS = ("svd", "random")  # of the factorised network: the factors, or a fresh initialisation


def plan(config: dict[str, Any]) -> list[Stage]:
    """The stages: trials on held-out images where several rates are given, then every seed."""
    c, seeds = config["compression"], config["seeds"]
    shared = {"batch": c["batch"], "weight_decay": c["weight_decay"]}
    base = {**shared, "epochs": c["epochs"], "warm_up": 0.0}
    refined = {**shared, "epochs": c["refine_epochs"], "warm_up": c["warm_up"]}
    base_rates, rates = c["base_rates"], c["refine_rates"]
    stages: list[Stage] = []

    def add(name: str, function: Callable[[Context], None], **params: Any) -> str:
        needs = (*params.get("bases", ()), *params["trials"])
        stages.append(Stage(name, "compression", function, params, needs, c["data"]))
        return name

    tuned: list[str] = []
    trials: dict[tuple[str, int], list[str]] = {(s, f): [] for s in STARTS for f in FACTORS}
    if len(base_rates) > 1 or len(rates) > 1:
        held = {"seed": seeds[0], "held_out": c["held_out"], "trials": []}
        for rate in base_rates:
            tuned.append(add(f"tune-base-{rate:g}", train_base, **base, **held, rate=rate))
        for (start, factor), names in trials.items():
            how = {**refined, **held, "bases": tuned, "start": start, "factor": factor}
            for rate in rates:
                names.append(add(f"tune-{start}-{factor}-{rate:g}", refine, **how, rate=rate))
    for seed in seeds:
        whole = {"seed": seed, "held_out": 0}
        how = {**base, **whole, "trials": tuned, "rate": base_rates[0]}
        bases = [add(f"base-{seed}", train_base, **how)]
        for (start, factor), names in trials.items():
            how = {**refined, **whole, "bases": bases, "trials": names, "rate": rates[0]}
            add(f"{start}-{factor}-{seed}", refine, **how, start=start, factor=factor)
    return stages


def train_base(ctx: Context) -> None:
    """Train the 784-100-50-10 network; keep its weights and their singular values."""
    import keras  # seconds to import, so only where a network is trained

    keras.utils.set_random_seed(ctx.seed)
    model = ctx.code.build_mlp()
    _fit(ctx, model)
    for layer, weights in enumerate(model.layers):
        kernel = weights.get_weights()[0]
        ctx.save(f"spectrum-{layer}", ctx.code.truncated_svd(kernel, min(kernel.shape))[1])


def refine(ctx: Context) -> None:
    """Factorise a trained network, or take the same shape at random, and train it."""
    import keras  # seconds to import, so only where a network is trained

    keras.utils.set_random_seed(ctx.seed)
    base = _best(ctx, ctx.params["bases"])
    kernels = [base.array(f"kernel-{layer}") for layer in range(3)]
    biases = [base.array(f"bias-{layer}") for layer in range(3)]
    factor = ctx.params["factor"]
    ranks = [ctx.code.rank_for_compression(kernel.shape, factor) for kernel in kernels]
    pairs = list(zip(kernels, ranks, strict=True))
    model = ctx.code.build_factored_mlp(ranks)
    if ctx.params["start"] == "svd":
        factors = [ctx.code.low_rank_factors(kernel, rank) for kernel, rank in pairs]
        ctx.code.set_factored_weights(model, factors, biases)
    ctx.record("ranks", ranks)
    ctx.record("energy", [ctx.code.energy_kept(*pair) for pair in pairs])
    ctx.record("error", [ctx.code.approximation_error(*pair) for pair in pairs])
    counts = [ctx.code.factored_parameters(kernel.shape, rank) for kernel, rank in pairs]
    ctx.record("parameters", sum(counts))
    ctx.record("base_parameters", sum(ctx.code.dense_parameters(w.shape) for w in kernels))
    ctx.record("break_even", [ctx.code.break_even_rank(kernel.shape) for kernel in kernels])
    _fit(ctx, model)


def _best(ctx: Context, names: Sequence[str]) -> Run:
    """The run that ended with the highest accuracy; for trials, on the held-out images."""
    return max((ctx.run(name) for name in names), key=lambda run: run.history[-1]["test_accuracy"])


def _arrays(ctx: Context) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """The images and labels to train on and those to report on."""
    train = ctx.code.preprocess_images(ctx.data.train_images), ctx.data.train_labels
    held_out = ctx.params["held_out"]
    if not held_out:
        return train, (ctx.code.preprocess_images(ctx.data.test_images), ctx.data.test_labels)
    order = np.random.default_rng(0).permutation(len(train[1]))
    kept, held = order[held_out:], order[:held_out]
    return (train[0][kept], train[1][kept]), (train[0][held], train[1][held])


def _fit(ctx: Context, model: Any) -> None:
    """Train `model` with AdamW and a cosine decay from the chosen rate; keep what came out."""
    import keras  # seconds to import, so only where a network is trained

    p, (train, test) = ctx.params, _arrays(ctx)
    rate = _best(ctx, p["trials"]).result["rate"] if p["trials"] else p["rate"]
    steps = p["epochs"] * -(-len(train[1]) // p["batch"])
    schedule = cosine(rate, steps, p["warm_up"])
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=p["weight_decay"])
    optimizer.build(model.trainable_variables)  # so that there is something to restore
    before = ctx.code.evaluate(model, *test)
    resumed = ctx.resume()
    if resumed:
        restore(resumed[1], model, optimizer)
    ctx.record("rate", rate)
    ctx.record("before", {"loss": before[0], "accuracy": before[1]})
    ctx.record("summary", summary(model))

    def batches(epoch: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        order = np.random.default_rng([ctx.seed, epoch]).permutation(len(train[1]))
        for first in range(0, len(order), p["batch"]):
            rows = order[first : first + p["batch"]]
            yield train[0][rows], train[1][rows]

    def on_epoch(row: dict[str, Any]) -> None:
        ctx.epoch(epochs=p["epochs"], **row)
        ctx.checkpoint(row["epoch"], state(model, optimizer))

    ctx.code.train_classifier(
        ctx.code.make_train_step(model, optimizer),
        lambda: ctx.code.evaluate(model, *test),
        batches,
        p["epochs"],
        on_epoch,
        first_epoch=resumed[0] + 1 if resumed else 1,
    )
    predictions = predict(model, test[0]).argmax(1)
    ctx.save("confusion", ctx.code.confusion_matrix(test[1], predictions))
    for layer, weights in enumerate(model.layers):
        for name, array in zip(("kernel", "bias"), weights.get_weights(), strict=False):
            ctx.save(f"{name}-{layer}", array, local=True)


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """What a report may state of the base networks and of every factorisation."""
    mine = [run for run in runs.values() if run.part == "compression"]
    bases = [runs[f"base-{seed}"] for seed in config["seeds"]]
    keys = tuple(run.key for run in bases)
    p = bases[0].params
    counts = {
        "seeds": len(bases),
        "epochs": p["epochs"],
        "batch": p["batch"],
        "held_out": config["compression"]["held_out"],
        "refine_epochs": config["compression"]["refine_epochs"],
        "base.parameters": bases[0].result["summary"]["trainable"],
    }
    found = about("compression", mine)
    found += [Fact(f"compression.{name}", n, digits=0, runs=keys) for name, n in counts.items()]
    found += [Fact("compression.base.rate", bases[0].result["rate"], digits=3, runs=keys)]
    found += [Fact("compression.weight_decay", p["weight_decay"], digits=2, runs=keys)]
    found += _ends("compression.base", bases)
    for factor in FACTORS:
        found += _factor_facts(runs, config["seeds"], factor)
    for name, run in runs.items():
        if name.startswith("tune-"):
            found.append(_percent(f"compression.{name}", {run.key: run.history[-1]}))
    return found


def _percent(name: str, rows: Mapping[str, Mapping[str, Any]], key: str = "test_accuracy") -> Fact:
    return mean(name, {run: 100 * row[key] for run, row in rows.items()}, "%")


def _ends(name: str, runs: Sequence[Run]) -> list[Fact]:
    """The last row of the histories."""
    rows = {run.key: run.history[-1] for run in runs}
    found = [
        _percent(f"{name}.{key}_accuracy", rows, f"{key}_accuracy") for key in ("train", "test")
    ]
    for key in ("train_loss", "test_loss"):
        found.append(mean(f"{name}.{key}", {run: row[key] for run, row in rows.items()}, "", 3))
    lowest = {run.key: min(row["test_loss"] for row in run.history) for run in runs}
    return [*found, mean(f"{name}.lowest_test_loss", lowest, "", 3)]


def _factor_facts(runs: Mapping[str, Run], seeds: Sequence[int], factor: int) -> list[Fact]:
    name = f"compression.{factor}x"
    base, svd, random = (
        [runs[f"{start}-{seed}"] for seed in seeds]
        for start in ("base", f"svd-{factor}", f"random-{factor}")
    )
    keys, one = tuple(run.key for run in svd), svd[0].result
    found = [Fact(f"{name}.ranks", ", ".join(str(rank) for rank in one["ranks"]), runs=keys)]
    for layer, rank in enumerate(one["ranks"], 1):
        energy = {run.key: 100 * run.result["energy"][layer - 1] for run in svd}
        found.append(Fact(f"{name}.rank.{layer}", rank, digits=0, runs=keys))
        found.append(mean(f"{name}.energy.{layer}", energy, "%", 1))
    found.append(Fact(f"{name}.parameters", one["parameters"], digits=0, runs=keys))
    ratio = one["base_parameters"] / one["parameters"]
    found.append(Fact(f"{name}.ratio", ratio, runs=keys))
    for start, group in (("svd", svd), ("random", random)):
        before = {run.key: run.result["before"] for run in group}
        found.append(Fact(f"{name}.{start}.rate", group[0].result["rate"], digits=3, runs=keys))
        found.append(_percent(f"{name}.{start}.before", before, "accuracy"))
        losses = {run: row["loss"] for run, row in before.items()}
        found.append(mean(f"{name}.{start}.before_loss", losses, "", 3))
        found += _ends(f"{name}.{start}", group)
    differences = {"gain": (svd, random), "cost": (base, svd)}
    for what, (first, second) in differences.items():
        points = {
            b.key: 100 * (a.history[-1]["test_accuracy"] - b.history[-1]["test_accuracy"])
            for a, b in zip(first, second, strict=True)
        }
        found.append(mean(f"{name}.{what}", points, "points"))
        least = min(points.values()) if what == "gain" else max(points.values())
        found.append(Fact(f"{name}.{what}_worst", least, "points", runs=keys))
    return found


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """What a report may say of these facts, and whether they bear it out."""
    every = {
        name: [float(facts[f"compression.{factor}x.{name}"].value) for factor in FACTORS]
        for name in (
            *("gain_worst", "ratio", "cost", "energy.1", "energy.2", "energy.3", "rank.3"),
            *("svd.before", "svd.test_accuracy"),
        )
    }
    base, trained = (
        float(facts[f"compression.base.{name}_accuracy"].value) for name in ("test", "train")
    )
    before, after = every["svd.before"], every["svd.test_accuracy"]
    energy = zip(every["energy.1"], every["energy.2"], every["energy.3"], strict=True)
    found = {
        "base_reaches_98": base >= 98.0,
        "base_overfits": trained > base,
        "two_x_keeps_accuracy": every["cost"][0] <= 0.2,
        "four_x_reaches_96_5": after[1] >= 96.5,
        "eight_x_reaches_85": after[2] >= 85.0,
        "smaller_is_less_accurate": after[0] > after[1] > after[2],
        "eight_x_rank_one": every["rank.3"][2] == 1,
        "last_layer_loses_most": all(last < min(one, two) for one, two, last in energy),
        "refinement_recovers": all(b < a for b, a in zip(before, after, strict=True)),
    }
    for factor, gain, ratio in zip(FACTORS, every["gain_worst"], every["ratio"], strict=True):
        found[f"svd_beats_random_{factor}"] = gain > 0
        found[f"real_ratio_below_nominal_{factor}"] = ratio < factor
        mean = facts[f"compression.{factor}x.gain"]
        found[f"gain_within_spread_{factor}"] = abs(float(mean.value)) < (mean.spread or 0.0)
    return found

"""Question 4: a network of your own design on labels of which many are wrong, and remedies.

Where the course's file is there, its labels are taken as they are; otherwise some of the training
labels are flipped. The test accuracy is read after each epoch, as the question asks; it decides
nothing. No remedy sees a clean label: what is chosen is chosen on labels as given.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from kit.experiments import Context, Fact, Run, Stage
from kit.experiments.facts import about, mean

REMEDIES = ("held", "decay", "smoothing", "gce", "forward", "coteaching")  # besides "plain"
CLASSES = 10


def plan(config: dict[str, Any]) -> list[Stage]:
    """For each seed: with labels held out, which also tells their noise; plain; the remedies."""
    c, stages = config["noise"], []
    for seed in config["seeds"]:
        held = f"noise-held-{seed}"
        for remedy in ("held", "plain", *REMEDIES[1:]):
            params = {name: value for name, value in c.items() if name != "data"}
            params |= {"seed": seed, "remedy": remedy}
            needs = () if remedy == "held" else (held,)
            name = f"noise-{remedy}-{seed}"
            stages.append(Stage(name, "noise", train, params, needs, c["data"]))
    return stages


def labelled(ctx: Context) -> tuple[tuple[Any, np.ndarray], np.ndarray | None, tuple[Any, Any]]:
    """Train images with labels as given; the true labels if they are known; the test images."""
    import torch  # seconds to import, so only where a network is trained

    data, p = ctx.data, ctx.params
    images, true = data.train_images, data.train_labels
    theirs = data.name.endswith(".npz")  # the course's own file: its labels are misleading already
    if not theirs:
        rows = np.random.default_rng(0).permutation(len(true))[: p["train"]]
        images, true = images[rows], true[rows]
    rng = np.random.default_rng([ctx.seed, 3])
    given = true if theirs else ctx.code.flip_labels(true, p["share"], CLASSES, rng)
    stored = {"arr_0": images.reshape(len(images), -1).T, "arr_1": given}  # as the course's file
    stored["arr_2"] = data.test_images.reshape(len(data.test_images), -1).T
    stored["arr_3"] = data.test_labels
    parts = ctx.code.parse_splits(stored)
    test = torch.from_numpy(parts["test"][0]), torch.from_numpy(parts["test"][1])
    train_part = torch.from_numpy(parts["train"][0]), parts["train"][1]
    return train_part, None if theirs else true, test


def train(ctx: Context) -> None:
    """Train one network for all epochs; a row per epoch, the test accuracy in it."""
    import torch  # seconds to import, so only where a network is trained

    torch.set_num_threads(1)  # such nets are faster on one, and its sums have one order
    torch.manual_seed(ctx.seed)
    p, (part, true, test) = ctx.params, labelled(ctx)
    images, given = part
    cut = p["held_out"] if p["remedy"] == "held" else 0
    labels = torch.from_numpy(given)
    model, cross_entropy = ctx.code.design_mlp(), torch.nn.functional.cross_entropy
    step = _trainer(ctx, model, images[cut:], labels[cut:])
    evaluations = {"test": lambda: ctx.code.evaluate(model, cross_entropy, *test)}
    if cut:
        held = images[:cut], labels[:cut]
        evaluations["held"] = lambda: ctx.code.evaluate(model, cross_entropy, *held)

    def on_epoch(row: dict[str, Any]) -> None:
        extra = {}
        if true is not None:
            with torch.no_grad():
                predictions = model.eval()(images[cut:]).argmax(dim=1).numpy()
            extra["memorised"] = ctx.code.memorised_share(predictions, given[cut:], true[cut:])
        ctx.epoch(epochs=p["epochs"], **row, **extra)

    ctx.code.train_classifier(step, evaluations, p["epochs"], on_epoch)
    ctx.record("parameters", ctx.code.count_parameters(model))
    ctx.record("wrong", None if true is None else float((given != true).mean()))
    ctx.record("sizes", [len(given), len(test[1])])
    ctx.record("share", _share(ctx))
    ctx.record("entropy", ctx.code.noise_entropy(_share(ctx), CLASSES))


def _share(ctx: Context) -> float:
    """An estimate of the share of wrong labels: what the best epoch gets wrong of held-out ones.

    Too high by the network's own errors. It needs no clean label.
    """
    held = ctx.history if ctx.params["remedy"] == "held" else ctx.run(_held(ctx)).history
    return 1.0 - max(float(row["held_accuracy"]) for row in held)


def _held(ctx: Context) -> str:
    return f"noise-held-{ctx.seed}"


def _trainer(
    ctx: Context, model: Any, images: Any, labels: Any
) -> Callable[[int], tuple[float, float]]:
    """What trains the network for one epoch under the remedy of this stage."""
    import torch  # seconds to import, so only where a network is trained

    p, remedy = ctx.params, ctx.params["remedy"]
    decay = p["weight_decay"] if remedy == "decay" else 0.0
    optimizer = torch.optim.Adam(model.parameters(), p["rate"], weight_decay=decay)

    def batches(epoch: int) -> Iterator[tuple[Any, Any]]:
        generator = torch.Generator().manual_seed(1000 * ctx.seed + epoch)
        found: Iterator[tuple[Any, Any]] = ctx.code.shuffled_batches(
            images, labels, p["batch"], generator
        )
        return found

    if remedy == "coteaching":
        return _coteaching(ctx, model, optimizer, batches)
    loss = _loss(ctx, remedy)

    def step(epoch: int) -> tuple[float, float]:
        found: tuple[float, float] = ctx.code.train_epoch(model, optimizer, loss, batches(epoch))
        return found

    return step


def _loss(ctx: Context, remedy: str) -> Callable[[Any, Any], Any]:
    import torch  # seconds to import, so only where a network is trained

    p, cross_entropy = ctx.params, torch.nn.functional.cross_entropy
    if remedy == "gce":
        return lambda z, y: ctx.code.generalised_cross_entropy(z, y, p["q"])
    if remedy == "forward":
        matrix = torch.from_numpy(ctx.code.symmetric_transition(_share(ctx), CLASSES))
        return lambda z, y: ctx.code.forward_corrected_loss(z, y, matrix)
    smoothing = p["smoothing"] if remedy == "smoothing" else 0.0
    return lambda z, y: cross_entropy(z, y, label_smoothing=smoothing)


def _coteaching(
    ctx: Context, model: Any, optimizer: Any, batches: Callable[[int], Iterator[tuple[Any, Any]]]
) -> Callable[[int], tuple[float, float]]:
    """Two networks, each trained on what the other one finds easy (Han et al., 2018).

    The share of a batch that is left out rises over the first epochs to that of wrong labels.
    """
    import torch  # seconds to import, so only where a network is trained

    p, share, peer = ctx.params, _share(ctx), ctx.code.design_mlp()
    second = torch.optim.Adam(peer.parameters(), p["rate"])
    loss = torch.nn.functional.cross_entropy

    def step(epoch: int) -> tuple[float, float]:
        total, right, count = 0.0, 0, 0
        left_out = share * min(epoch / p["warm_up"], 1.0)
        for images, labels in batches(epoch):
            logits = model.train()(images), peer.train()(images)
            losses = [loss(z, labels, reduction="none") for z in logits]
            keep = max(1, round((1 - left_out) * len(labels)))
            easy = [each.detach().argsort()[:keep] for each in losses]
            for each, rows, chosen in (
                (losses[0], easy[1], optimizer),
                (losses[1], easy[0], second),
            ):
                chosen.zero_grad()
                each[rows].mean().backward()
                chosen.step()
            total += float(losses[0].detach().sum())
            right += int((logits[0].argmax(dim=1) == labels).sum())
            count += len(labels)
        return total / count, right / count

    return step


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """What a report may state of the misleading labels."""
    mine = [run for run in runs.values() if run.part == "noise"]
    if not mine:
        return []
    c, keys = config["noise"], tuple(run.key for run in mine)
    found = about("noise", mine)
    images, tests = mine[0].result["sizes"]
    whole = {"images": images, "tests": tests, "held_out": c["held_out"], "epochs": c["epochs"]}
    whole |= {"batch": c["batch"], "seeds": len(config["seeds"]), "warm_up": c["warm_up"]}
    whole["parameters"] = mine[0].result["parameters"]
    found += [Fact(f"noise.{name}", n, digits=0, runs=keys) for name, n in whole.items()]
    for name, digits in (("rate", 4), ("weight_decay", 3), ("smoothing", 1), ("q", 1)):
        found.append(Fact(f"noise.{name}", c[name], digits=digits, runs=keys))
    held = [runs[f"noise-held-{seed}"] for seed in config["seeds"]]
    shares = {run.key: 100 * run.result["share"] for run in held}
    found.append(mean("noise.share", shares, "%", 1))
    found.append(mean("noise.entropy", {r.key: r.result["entropy"] for r in held}, "", 2))
    found.append(_known("noise.wrong", {run.key: run.result["wrong"] for run in held}, "%", 1))
    for remedy in ("plain", *REMEDIES):
        found += _remedy_facts(remedy, [runs[f"noise-{remedy}-{s}"] for s in config["seeds"]])
    return found + _stops(held, [runs[f"noise-plain-{s}"] for s in config["seeds"]])


def _known(name: str, values: Mapping[str, float | None], unit: str, digits: int = 2) -> Fact:
    """A mean in per cent, or the word unknown where the true labels are."""
    known = {key: 100 * value for key, value in values.items() if value is not None}
    if len(known) < len(values):
        return Fact(name, "unknown", runs=tuple(values))
    return mean(name, known, unit, digits)


def _remedy_facts(remedy: str, runs: Sequence[Run]) -> list[Fact]:
    name = f"noise.{remedy}"
    peaks = {run.key: max(run.history, key=lambda row: row["test_accuracy"]) for run in runs}
    final = {run.key: run.history[-1] for run in runs}
    falls = {
        key: 100 * (row["test_accuracy"] - final[key]["test_accuracy"])
        for key, row in peaks.items()
    }
    found = [
        mean(f"{name}.peak", {k: 100 * r["test_accuracy"] for k, r in peaks.items()}, "%"),
        mean(f"{name}.peak_epoch", {k: r["epoch"] for k, r in peaks.items()}, "", 0),
        mean(f"{name}.peak_loss", {k: r["train_loss"] for k, r in peaks.items()}, "", 2),
        mean(
            f"{name}.peak_train", {k: 100 * r["train_accuracy"] for k, r in peaks.items()}, "%", 1
        ),
        mean(f"{name}.final", {k: 100 * r["test_accuracy"] for k, r in final.items()}, "%"),
        mean(f"{name}.final_loss", {k: r["train_loss"] for k, r in final.items()}, "", 3),
        mean(
            f"{name}.final_train", {k: 100 * r["train_accuracy"] for k, r in final.items()}, "%", 1
        ),
        mean(f"{name}.fall", falls, "points"),
        Fact(f"{name}.fall_least", min(falls.values()), "points", runs=tuple(falls)),
    ]
    memorised = {key: row.get("memorised") for key, row in final.items()}
    found.append(_known(f"{name}.memorised", memorised, "%", 1))
    early = {key: row.get("memorised") for key, row in peaks.items()}
    return [*found, _known(f"{name}.peak_memorised", early, "%", 1)]


def _stops(held: Sequence[Run], plain: Sequence[Run]) -> list[Fact]:
    """Two ways to stop in time: at the best held-out epoch, and at the entropy of the noise."""
    found = []
    best = {run.key: max(run.history, key=lambda row: row["held_accuracy"]) for run in held}
    below = {run.key: _below(run) for run in plain}
    for name, rows in (("held_stop", best), ("entropy_stop", below)):
        accuracy = {key: 100 * row["test_accuracy"] for key, row in rows.items()}
        found.append(mean(f"noise.{name}", accuracy, "%"))
        found.append(mean(f"noise.{name}_epoch", {k: r["epoch"] for k, r in rows.items()}, "", 0))
    return found


def _below(run: Run) -> Mapping[str, Any]:
    """The first epoch whose training loss is below the entropy of the noise; else the last."""
    rows = (row for row in run.history if row["train_loss"] < run.result["entropy"])
    return next(rows, run.history[-1])


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """The sentences on question 4 that could be false."""
    if "noise.plain.peak" not in facts:
        return {}

    def value(name: str) -> float:
        return float(facts[f"noise.{name}"].value)

    peak, final = value("plain.peak"), value("plain.final")
    ends = {remedy: value(f"{remedy}.final") for remedy in REMEDIES[1:]}
    memorised = facts["noise.plain.memorised"].value
    known = not isinstance(memorised, str)
    found = {
        "noise_rises_and_falls": value("plain.fall_least") >= 5,
        "noise_falls_15": value("plain.fall_least") >= 15,
        "noise_known": known,
        "noise_memorised": known and float(memorised) > 50,
        "noise_peak_is_early": value("plain.peak_epoch") < 0.5 * value("epochs"),
        "loss_at_peak_near_entropy": abs(value("plain.peak_loss") - value("entropy")) < 0.5,
        "held_stop_keeps_peak": value("held_stop") >= peak - 1,
        "entropy_stop_keeps_peak": value("entropy_stop") >= peak - 1,
        "a_remedy_keeps_peak": max(ends.values()) >= peak - 1,
        "share_overestimated": known and value("share") > float(facts["noise.wrong"].value),
    }
    for remedy, end in ends.items():
        found[f"{remedy}_keeps_peak"] = end >= peak - 1
        found[f"{remedy}_helps"] = end > final + 1
    return found

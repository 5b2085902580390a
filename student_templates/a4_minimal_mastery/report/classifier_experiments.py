"""The classifier of AddNIST, and two networks of its size that know nothing of sums.

Every network is trained by the implementation's own loop, and measured with the running average of
its weights. The test images choose nothing: their curve is looked at, and the settings were not
searched for. Networks this small are fastest on one thread.
"""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from kit.experiments import Context, Stage, beside

averages = beside(__file__, "averages")
rivals = beside(__file__, "rivals")
MODELS = ("sum", "plain", "set")
SPLITS = ("train", "validation", "test")
BUILD_SEED = 0  # the same images whatever the seed of a training
LIMITS = {"parameters": 100_000, "steps": 10_000}


def plan(config: dict[str, Any]) -> list[Stage]:
    """A training of every model that is asked for, with every seed."""
    c, stages = config["classifier"], []
    shared = {name: value for name, value in c.items() if name not in ("data", "models")}
    for seed in config["seeds"]:
        for model in c["models"]:
            params = {**shared, "model": model, "seed": seed}
            stages.append(Stage(f"{model}-{seed}", "classifier", train, params, (), c["data"]))
    return stages


def addnist(ctx: Context) -> dict[str, tuple[Any, Any]]:
    """Normalised images (n, 3, 28, 28) and labels of the splits: as published, or made of MNIST."""
    import torch  # seconds to import, so only where a network is trained

    code, data = ctx.code, ctx.data
    if data.validation_images is not None:
        parts = [(data.train_images, data.train_labels)]
        parts += [(data.validation_images, data.validation_labels)]
        parts += [(data.test_images, data.test_labels)]
        parts = [(images.transpose(0, 3, 1, 2), labels) for images, labels in parts]
    else:
        rng, (*learnt, tests) = np.random.default_rng(BUILD_SEED), ctx.params["per_class"]
        parts = code.build_addnist(data.train_images, data.train_labels, learnt, rng)
        parts += code.build_addnist(data.test_images, data.test_labels, [tests], rng)
    ctx.record("counts", {n: len(part[1]) for n, part in zip(SPLITS, parts, strict=True)})
    return {
        name: (torch.from_numpy(code.normalise(images)), torch.from_numpy(np.array(labels)))
        for name, (images, labels) in zip(SPLITS, parts, strict=True)
    }


def train(ctx: Context) -> None:
    """Train one model; keep its curve, how it ended on all splits, and what was used of limits."""
    import torch  # seconds to import, so only where a network is trained

    torch.set_num_threads(1)
    torch.manual_seed(ctx.seed)
    p, code, splits = ctx.params, ctx.code, addnist(ctx)
    model = code.build_classifier() if p["model"] == "sum" else rivals.build(p["model"])
    model = model.to(memory_format=torch.channels_last)
    average = copy.deepcopy(model)
    optimizer = torch.optim.AdamW(model.parameters(), p["rate"], weight_decay=p["weight_decay"])
    used = {"parameters": code.count_parameters(model)}
    used["steps"] = _fit(ctx, model, average, optimizer, splits)
    for name, (images, labels) in splits.items():
        ctx.record(name, _measure(ctx, average, images, labels))
    ctx.record("last", _measure(ctx, model, *splits["test"]))
    for name, limit in LIMITS.items():
        ctx.record(name, used[name])
        ctx.record(f"{name}_penalty", code.penalty_points(used[name], limit))
    _look(ctx, average, *splits["test"])


def _fit(ctx: Context, model: Any, average: Any, optimizer: Any, splits: Mapping[str, Any]) -> int:
    """Train in rounds of `every` steps, each of them measured and kept; returns the steps made."""
    import torch  # seconds to import, so only where a network is trained

    p, code = ctx.params, ctx.code
    resumed = ctx.resume()
    if resumed:
        averages.restore(resumed[1], model, average, optimizer)
    done, rounds, warm_up = (
        resumed[0] if resumed else 0,
        p["steps"] // p["every"],
        int(p["steps"] * p["warm_up"]),
    )
    generator = torch.Generator()
    probes = {name: [part[: p["probe"]] for part in splits[name]] for name in ("train", "test")}
    steps = done * p["every"]

    def augmented() -> Iterator[Any]:
        for images, labels in code.endless_batches(*splits["train"], p["batch"], generator):
            shuffled = code.shuffle_channels(images, generator)
            yield code.random_affine(shuffled, generator), labels

    def on_step(step: int) -> None:
        nonlocal steps
        steps += 1
        code.ema_update(average, model, averages.decay(p["decay"], step))

    def rate(step: int) -> float:
        found: float = code.learning_rate(step, p["steps"], p["rate"], warm_up)
        return found

    for number in range(done + 1, rounds + 1):
        generator.manual_seed(1000 * ctx.seed + number)
        last, first = number * p["every"], (number - 1) * p["every"]
        losses = code.train_classifier(model, optimizer, augmented(), last, first, rate, on_step)
        row = {
            f"{n}_accuracy": _measure(ctx, average, *part)["accuracy"] for n, part in probes.items()
        }
        ctx.epoch(number, rounds, step=last, loss=float(losses.mean()), **row)
        ctx.checkpoint(number, averages.state(model, average, optimizer))
    return steps


def _measure(ctx: Context, model: Any, images: Any, labels: Any) -> dict[str, float]:
    """Loss and accuracy, and the deviation of the accuracy over mini-batches."""
    size = ctx.params["eval_batch"]
    values = ctx.code.evaluate(model, images, labels, size)
    return dict(zip(("loss", "accuracy", "deviation"), values, strict=True))


def _look(ctx: Context, model: Any, images: Any, labels: Any) -> None:
    """How far off wrong sums are; of the sum model, how well it reads single test digits."""
    import torch  # seconds to import, so only where a network is trained

    model.eval()
    with torch.no_grad():
        answers = torch.cat([model(part).argmax(1) for part in images.split(1000)])
        off = (answers - labels).abs()
        ctx.record("near_misses", float((off[off > 0] == 1).double().mean()) if off.any() else 0.0)
        accuracy, data = -1.0, ctx.data  # -1: not known, as the published files tell no digits
        encoder = getattr(model, "encoder", None)  # another design may have none
        if ctx.params["model"] == "sum" and encoder and data.validation_images is None:
            digits = torch.from_numpy(ctx.code.normalise(data.test_images))[:, None]
            read = torch.cat([encoder(part).argmax(1) for part in digits.split(1000)])
            accuracy = float((read.numpy() == data.test_labels).mean())
    ctx.record("digit_accuracy", accuracy)

"""The generative model: its training, what it draws, and what the size of the task would cost.

Samples are functions of noise and class alone. The batch that the report shows is the first that
is drawn. Networks this small are fastest on one thread.
"""

import copy
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from kit.experiments import Context, Stage, beside

averages = beside(__file__, "averages")
scores = beside(__file__, "score_experiments")
LIMITS = {"parameters": 1_000_000, "steps": 50_000}
GRID = 64  # the batch that the report shows
PAIRS, POINTS = 8, 8  # interpolations: pairs of samples, points on the way with both ends
CHUNK = 250  # images that are in the network at one time


def plan(config: dict[str, Any]) -> list[Stage]:
    """The training, the samples, the judge with its scores, and the cost of the whole task."""
    g, s, seed = config["generator"], config["sampling"], config["seeds"][0]
    trained = {**{name: value for name, value in g.items() if name != "data"}, "seed": seed}
    drawn = {name: s[name] for name in ("samples", "ode_steps", "guidance")}
    drawn |= {name: g[name] for name in ("size", "channels", "embedding")}
    return [
        Stage("unet", "generator", train, trained, (), g["data"]),
        Stage("samples", "generator", draw, {**drawn, "seed": seed}, ("unet",), g["data"]),
        *scores.plan(config),
        Stage("cost", "generator", measure_cost, dict(config["full"]), (), g["data"]),
    ]


def _classes(ctx: Context) -> int:
    return int(ctx.data.train_labels.max()) + 1


def _network(ctx: Context) -> Any:
    """A velocity network of the stage's shape."""
    import torch  # seconds to import, so only where a network is trained

    torch.set_num_threads(1)
    torch.manual_seed(ctx.seed)
    p = ctx.params
    network = ctx.code.build_unet(tuple(p["channels"]), p["embedding"], _classes(ctx))
    return network.to(memory_format=torch.channels_last)


def train(ctx: Context) -> None:
    """Train the velocity network; keep its running average and what was used of the limits."""
    import torch  # seconds to import, so only where a network is trained

    network = _network(ctx)
    average, code, data = copy.deepcopy(network), ctx.code, ctx.data
    optimizer = torch.optim.Adam(network.parameters(), ctx.params["rate"])
    images = scores.smaller(data.train_images, ctx.params["size"]).transpose(0, 3, 1, 2)
    labels = torch.from_numpy(np.array(data.train_labels))
    used = {"parameters": code.count_parameters(network)}
    pixels = torch.from_numpy(code.scale_images(images))
    used["steps"] = _fit(ctx, network, average, optimizer, (pixels, labels))
    for name, limit in LIMITS.items():
        ctx.record(name, used[name])
        ctx.record(f"{name}_penalty", code.penalty_points(used[name], limit))
    ctx.record("images", len(labels))
    ctx.record("images_per_second", used["steps"] * ctx.params["batch"] / ctx.seconds)
    for name, value in average.state_dict().items():
        ctx.save(f"weight-{name}", value.numpy(), local=True)


def _fit(ctx: Context, network: Any, average: Any, optimizer: Any, tensors: Any) -> int:
    """Train in rounds of `every` steps, each of them kept; returns the steps made."""
    import torch  # seconds to import, so only where a network is trained

    p, code, generator = ctx.params, ctx.code, torch.Generator()
    resumed = ctx.resume()
    if resumed:
        averages.restore(resumed[1], network, average, optimizer)
    done, rounds = resumed[0] if resumed else 0, p["steps"] // p["every"]
    steps, warm_up = done * p["every"], int(p["steps"] * p["warm_up"])

    def mirrored() -> Iterator[Any]:
        for images, labels in code.endless_batches(*tensors, p["batch"], generator):
            turned = torch.rand(len(images), generator=generator) < 0.5
            yield torch.where(turned[:, None, None, None], images.flip(-1), images), labels

    def loss(images: Any, labels: Any) -> Any:
        times = code.sample_times(len(images), generator)
        noise = torch.randn(images.shape, generator=generator)
        shown = code.drop_labels(labels, p["label_dropout"], _classes(ctx), generator)
        return code.flow_matching_loss(network, images, noise, times, shown)

    def on_step(step: int) -> None:
        nonlocal steps
        steps += 1
        code.ema_update(average, network, averages.decay(p["decay"], step))

    def rate(step: int) -> float:
        found: float = code.learning_rate(step, p["steps"], p["rate"], warm_up)
        return found

    for number in range(done + 1, rounds + 1):
        generator.manual_seed(1000 * ctx.seed + number)
        last, first = number * p["every"], (number - 1) * p["every"]
        losses = code.train_generator(
            network, optimizer, loss, mirrored(), last, first, rate, on_step
        )
        ctx.epoch(number, rounds, step=last, loss=float(losses.mean()))
        ctx.checkpoint(number, averages.state(network, average, optimizer))
    return steps


def draw(ctx: Context) -> None:
    """Draw images, as many of every class; and interpolate between pairs of the first ones."""
    import torch  # seconds to import, so only where a network is trained

    p, code, trained = ctx.params, ctx.code, ctx.run("unet")
    network, classes = _network(ctx), _classes(ctx)
    names = [name for name in trained.arrays if name.startswith("weight-")]
    averages.load(network, {n.removeprefix("weight-"): trained.array(n) for n in names})
    generator = torch.Generator().manual_seed(ctx.seed)
    noise = torch.randn(p["samples"], 3, p["size"], p["size"], generator=generator)
    labels = code.balanced_labels(p["samples"], classes)

    def made(z: Any, y: Any) -> np.ndarray:
        found = []
        for part, of in zip(z.split(CHUNK), y.split(CHUNK), strict=True):
            images = code.sample(network, part, of, p["ode_steps"], p["guidance"], classes)
            found.append(code.to_uint8(images).transpose(0, 2, 3, 1))
        return np.concatenate(found)

    started = time.perf_counter()
    samples = made(noise, labels)
    ctx.record("seconds_per_image", (time.perf_counter() - started) / len(samples))
    ctx.save("samples", samples, local=True)
    ctx.save("classes", labels.numpy(), local=True)
    ctx.save("grid", samples[:GRID])
    ends, of = _pairs(code.balanced_labels(p["samples"], classes).numpy())
    ways = np.linspace(0, 1, POINTS).tolist()
    points = torch.cat([code.slerp(noise[first], noise[second], ways) for first, second in ends])
    rows = made(points, torch.from_numpy(np.repeat(of, POINTS)))
    ctx.save("rows", rows.reshape(PAIRS, POINTS, *rows.shape[1:]))


def _pairs(labels: np.ndarray) -> tuple[list[tuple[int, int]], np.ndarray]:
    """Pairs of rows of one class each, the first that there are, and their classes."""
    pairs: list[tuple[int, int]] = []
    for label in dict.fromkeys(labels.tolist()):
        rows = np.flatnonzero(labels == label)
        if len(rows) > 1 and len(pairs) < PAIRS:
            pairs.append((int(rows[0]), int(rows[1])))
    return pairs, labels[[first for first, _ in pairs]]


def measure_cost(ctx: Context) -> None:
    """Time some steps at the size of the task; what all of its steps would take on this machine."""
    import torch  # seconds to import, so only where a network is trained

    p, code, network = ctx.params, ctx.code, _network(ctx)
    optimizer = torch.optim.Adam(network.parameters(), 1e-4)
    images = torch.zeros(p["timed_batch"], 3, p["size"], p["size"])
    labels = code.balanced_labels(len(images), _classes(ctx))

    def loss(shown: Any, of: Any) -> Any:
        times = torch.full((len(shown),), 0.5)
        return code.flow_matching_loss(network, shown, torch.randn_like(shown), times, of)

    batches, rate = [(images, labels)] * (p["timed_steps"] + 1), None
    code.train_generator(network, optimizer, loss, batches, 1, 0, rate)
    started = time.perf_counter()
    code.train_generator(network, optimizer, loss, batches, p["timed_steps"], 0, rate)
    speed = p["timed_steps"] * len(images) / (time.perf_counter() - started)
    ctx.record("images_per_second", speed)
    ctx.record("hours", p["steps"] * p["batch"] / speed / 3600)

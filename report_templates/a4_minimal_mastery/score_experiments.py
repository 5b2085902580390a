"""How generated images are judged: distances on a classifier's features, neighbours, contrast.

The judge is trained on the real training images. What real images and one Gaussian per class reach
stands beside every value; the test images are compared with and never trained on.
"""

from typing import Any

import numpy as np

from kit.experiments import Context, Run, Stage, beside
from kit.experiments.image_scores import frechet_distance, nearest
from kit.experiments.torch_models import cosine, set_rate

judge = beside(__file__, "judge")
GRID = 64  # the batch that the report shows, and whose diversity is measured
SHOWN = 12  # samples with their nearest neighbours


def plan(config: dict[str, Any]) -> list[Stage]:
    """The judge, the reference, and the scores of what the trained network makes."""
    data, size, seed = config["generator"]["data"], config["generator"]["size"], config["seeds"][0]
    s = config["sampling"]
    learn = {**config["judge"], "size": size, "seed": seed}
    rival = {"size": size, "samples": s["samples"], "components": s["components"], "seed": seed}
    scored = {"size": size, "samples": s["samples"], "inception": s["inception"]}
    needs = ("samples", "judge", "reference")
    return [
        Stage("judge", "generator", train_judge, learn, (), data),
        Stage("reference", "generator", measure_reference, rival, ("judge",), data),
        Stage("scores", "generator", score, scored, needs, data),
    ]


def smaller(images: np.ndarray, size: int) -> np.ndarray:
    """Images (n, s, s, 3) uint8 with `size` pixels a side, each the mean of a square of pixels."""
    factor = images.shape[1] // size
    if factor == 1:
        return images
    squares = images.reshape(len(images), size, factor, size, factor, 3)
    found: np.ndarray = np.rint(squares.mean(axis=(2, 4), dtype=np.float32)).astype(np.uint8)
    return found


def train_judge(ctx: Context) -> None:
    """Train the classifier on whose features generated images are judged."""
    import torch  # seconds to import, so only where a network is trained

    torch.set_num_threads(1)
    torch.manual_seed(ctx.seed)
    p, data = ctx.params, ctx.data
    images = judge.tensor(smaller(data.train_images, p["size"]))
    labels = torch.from_numpy(np.array(data.train_labels))
    network = judge.build(p["features"], int(labels.max()) + 1)
    network = network.to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), p["rate"], weight_decay=1e-2)
    per_epoch = -(-len(labels) // p["batch"])
    rate_at, step = cosine(p["rate"], p["epochs"] * per_epoch, 0.1), 0
    for epoch in range(1, p["epochs"] + 1):
        network.train()
        order, losses = torch.randperm(len(labels)), []
        for rows in order.split(p["batch"]):
            set_rate(optimizer, rate_at(step))
            loss = torch.nn.functional.cross_entropy(network(images[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(
                loss.detach()  # read once an epoch: reading waits for the device
            )
            step += 1
        ctx.epoch(epoch, p["epochs"], loss=float(torch.stack(losses).mean()))
    _, logits = judge.judged(network, smaller(data.test_images, p["size"]))
    ctx.record("accuracy", float((logits.argmax(1) == data.test_labels).mean()))
    for name, array in network.state_dict().items():
        ctx.save(f"weight-{name}", array.numpy(), local=True)


def _judge(run: Run, classes: int) -> Any:
    """The trained judge."""
    import torch  # seconds to import, and only here

    torch.set_num_threads(1)
    network = judge.build(run.params["features"], classes)
    weights = {name: torch.from_numpy(run.array(f"weight-{name}")) for name in network.state_dict()}
    network.load_state_dict(weights)
    return network.to(memory_format=torch.channels_last)


def _real(ctx: Context) -> tuple[np.ndarray, np.ndarray]:
    """The test images that are compared with, and as many training images."""
    p, data, rng = ctx.params, ctx.data, np.random.default_rng(0)
    count = min(p["samples"], len(data.test_labels), len(data.train_labels))
    parts = (data.test_images, data.train_images)
    tests, trained = (part[rng.permutation(len(part))[:count]] for part in parts)
    return smaller(tests, p["size"]), smaller(trained, p["size"])


def measure_reference(ctx: Context) -> None:
    """What any generator is held against: real images, and one Gaussian per class."""
    p, data = ctx.params, ctx.data
    network = _judge(ctx.run("judge"), int(data.train_labels.max()) + 1)
    tests, trained = _real(ctx)
    features, _ = judge.judged(network, tests)
    ctx.save("features", features, local=True)
    ctx.record("floor", frechet_distance(judge.judged(network, trained)[0], features))
    ctx.record("count", len(tests))
    ctx.record("real", _look(ctx, tests, features))
    rng = np.random.default_rng(p["seed"])
    every = smaller(data.train_images, p["size"])
    made = judge.class_gaussians(every, data.train_labels, p["components"], len(tests), rng)
    found, logits = judge.judged(network, made)
    asked = np.arange(len(made)) % (int(data.train_labels.max()) + 1)
    looked = _look(ctx, made, found)
    looked |= {"distance": frechet_distance(found, features)}
    ctx.record("gaussian", {**looked, "agreement": float((logits.argmax(1) == asked).mean())})


def _look(ctx: Context, images: np.ndarray, features: np.ndarray) -> dict[str, float]:
    """The batch of the first images: how far from training images, and from one another."""
    every = smaller(ctx.data.train_images, ctx.params["size"])
    _, distances = nearest(images[:GRID], every)
    first = features[:GRID].astype(np.float64)
    apart = np.linalg.norm(first[:, None] - first[None], axis=2)
    between = apart[np.triu_indices(len(first), 1)]
    return {"neighbour": float(np.median(distances)), "apart": float(between.mean())}


def score(ctx: Context) -> None:
    """Judge the images that the trained network made."""
    made, asked = ctx.run("samples").array("samples"), ctx.run("samples").array("classes")
    data, reference = ctx.data, ctx.run("reference")
    network = _judge(ctx.run("judge"), int(data.train_labels.max()) + 1)
    features, logits = judge.judged(network, made)
    ctx.record("distance", frechet_distance(features, reference.array("features")))
    ctx.record("agreement", float((logits.argmax(1) == asked).mean()))
    ctx.record("made", _look(ctx, made, features))
    every = smaller(data.train_images, ctx.params["size"])
    rows, _ = nearest(made[:SHOWN], every)
    ctx.save("neighbours", every[rows])
    ctx.record("inception", _inception(ctx, made))
    ctx.record("contrast", _midpoints(ctx.run("samples").array("rows")))


def _inception(ctx: Context, made: np.ndarray) -> dict[str, Any]:
    """The FID on Inception's features against the test images; or the reason why there is none."""
    if not ctx.params["inception"]:
        return {"reason": "it was not asked for at this size"}
    features, reason = judge.inception_features()
    if features is None:
        return {"reason": reason}
    tests, trained = _real(ctx)
    real = features(tests)
    return {
        "reason": "",
        "distance": frechet_distance(features(made), real),
        "floor": frechet_distance(features(trained), real),
    }


def _midpoints(rows: np.ndarray) -> dict[str, float]:
    """What midpoints (of rows (pairs, steps, s, s, 3)) and blends keep of the contrast of ends."""
    ends = np.stack([rows[:, 0], rows[:, -1]]).astype(np.float64)
    whole = (judge.contrast(ends[0]) + judge.contrast(ends[1])) / 2
    middle = judge.contrast(rows[:, rows.shape[1] // 2])
    return {
        "midpoint": float((middle / whole).mean()),
        "blend": float((judge.contrast(ends.mean(axis=0)) / whole).mean()),
    }

"""Question 3: the classifier that judges, what it says of real images, the metrics side by side.

The judge is trained by the implementation's own functions on real images alone; scores are taken by
well-kept libraries. A second, smaller classifier from another seed is the guide of question 5.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from kit.experiments import Context, Run, Stage, beside
from kit.experiments.image_scores import frechet_distance, inception_score, nearest
from kit.experiments.keras_models import cosine, predict, restore, state, summary

measures = beside(__file__, "measures")
Array = np.ndarray[Any, Any]
CLASSES = 10
SHARE = 0.05  # of batches of real images whose closest pair counts as a duplicate


def plan(config: dict[str, Any]) -> list[Stage]:
    """The judge, the guide, the reference, and the metrics of the long run."""
    data = config["data"]
    judges = [
        Stage(name, "", train_judge, dict(config[name]), (), data) for name in ("judge", "guide")
    ]
    params = {**config["measures"], "seed": config["seeds"][0]}
    return [
        *judges,
        Stage("reference", "", measure_reference, params, ("judge",), data),
        Stage("metrics", "metrics", measure_long, {}, ("cgan-long", "judge", "reference"), data),
    ]


def train_judge(ctx: Context) -> None:
    """Train a classifier on real images; the test images are read once, at the end."""
    import keras  # seconds to import, so only where a network is trained

    p = ctx.params
    keras.utils.set_random_seed(ctx.seed)
    images = ctx.code.scale_images(ctx.data.train_images)
    labels = ctx.data.train_labels
    order = np.random.default_rng([ctx.seed, 0]).permutation(len(labels))
    held, kept = order[: p["held_out"]], order[p["held_out"] :]
    model = ctx.code.build_classifier(p["channels"], p["hidden"], CLASSES)
    optimizer = keras.optimizers.Adam(cosine(p["rate"], p["epochs"] * _steps(kept, p), 0.1))
    step = ctx.code.make_classifier_step(model, optimizer, ctx.code.classification_loss)
    resumed = ctx.resume()
    if resumed:
        restore(resumed[1], model, optimizer)

    def batches(epoch: int) -> Iterator[tuple[Array, Array]]:
        rng = np.random.default_rng([ctx.seed, epoch])
        for rows in ctx.code.index_batches(len(kept), p["batch"], _steps(kept, p), rng):
            chosen = kept[rows]
            yield ctx.code.shift_images(images[chosen], p["shift"], rng), labels[chosen]

    def evaluate() -> float:
        found, _ = ctx.code.confidences(predict(model, images[held]))
        return float((found == labels[held]).mean())

    def on_epoch(row: dict[str, Any]) -> None:
        ctx.epoch(epochs=p["epochs"], **row)
        ctx.checkpoint(int(row["epoch"]), state(model, optimizer))

    ctx.code.train_classifier(
        step, batches, evaluate, p["epochs"], on_epoch, resumed[0] + 1 if resumed else 1
    )
    logits = predict(model, ctx.code.scale_images(ctx.data.test_images))
    right = logits.argmax(1) == ctx.data.test_labels
    ctx.record("accuracy", float(right.mean()))
    ctx.record("per_class", [float(right[ctx.data.test_labels == c].mean()) for c in range(10)])
    ctx.record("images", len(kept))
    ctx.record("summary", summary(model))
    for index, array in enumerate(model.get_weights()):
        ctx.save(f"weight-{index}", array, local=True)


def _steps(rows: Array, params: Mapping[str, Any]) -> int:
    return -(-len(rows) // int(params["batch"]))


def restored(ctx: Context, run: Run) -> Any:
    """The classifier of a finished run."""
    model = ctx.code.build_classifier(run.params["channels"], run.params["hidden"], CLASSES)
    names = [name for name in run.arrays if name.startswith("weight-")]
    model.set_weights([run.array(f"weight-{index}") for index in range(len(names))])
    return model


def looked_at(ctx: Context, model: Any, images: Array) -> tuple[Array, Array]:
    """What a classifier makes of uint8 images (n, 28, 28): embeddings and logits, float64."""
    scaled = ctx.code.scale_images(images)
    embeddings = predict(ctx.code.embedding_network(model), scaled).astype(np.float64)
    kernel, bias = model.layers[-1].get_weights()  # one pass through the network, not two
    return embeddings, embeddings @ kernel.astype(np.float64) + bias


def measure_reference(ctx: Context) -> None:
    """What any generator is held against: test images, train images, one Gaussian per class."""
    p, data = ctx.params, ctx.data
    model = restored(ctx, ctx.run("judge"))
    rng = np.random.default_rng([ctx.seed, 2])
    count = min(p["count"], len(data.test_labels))
    features, logits = looked_at(ctx, model, data.test_images)
    apart = measures.closest(data.test_images, p["batch"], p["batches"], rng)
    base = {
        "features": features,
        "threshold": float(np.quantile(apart, SHARE)),
        "spread": measures.spread_within(features, logits.argmax(1)),
    }
    ctx.save("features", features, local=True)
    for name in ("threshold", "spread"):
        ctx.record(name, base[name])
    ctx.record("count", count)
    rows = rng.permutation(len(data.train_labels))[:count]
    real = compared(ctx, model, base, data.train_images[rows], data.train_labels[rows])
    # A judge knows its training images by heart: what it says of classes is taken on test images.
    real["success"] = float((logits.argmax(1) == data.test_labels).mean())
    real["score"] = inception_score(logits)[0]
    _, apart = nearest(data.test_images[: p["neighbours"]], data.train_images)
    real["neighbour_distance"] = float(np.median(apart))
    ctx.record("real", real)
    asked = np.arange(count, dtype=np.int64) % CLASSES
    images, labels = ctx.code.scale_images(data.train_images), data.train_labels
    means, axes, deviations = ctx.code.fit_class_pca(images, labels, max(p["components"]), CLASSES)
    for components in p["components"]:  # the first axes of a larger fit are those of a smaller one
        fitted = (means, axes[:, :components], deviations[:, :components])
        made = ctx.code.unscale_images(ctx.code.sample_class_pca(fitted, asked, rng))
        ctx.record(f"pca-{components}", compared(ctx, model, base, made, asked))
        ctx.save(f"pca-{components}", made[:CLASSES])


def compared(
    ctx: Context, model: Any, base: Mapping[str, Any], images: Array, labels: Array | None
) -> dict[str, Any]:
    """Every score of uint8 images against the test images.

    Args:
        ctx: a stage with the measures' settings among its own, or those of `reference`.
        model: the judge.
        base: `features` of the test images, the `threshold` of a duplicate, their `spread`.
        images: (n, 28, 28).
        labels: the classes that were asked for, or None where none was.
    """
    p = ctx.params if "neighbourhood" in ctx.params else ctx.run("reference").params
    rng = np.random.default_rng([int(p["seed"]), 3])
    features, logits = looked_at(ctx, model, images)
    seen = logits.argmax(1)
    few = slice(0, p["neighbourhood"])
    found = {
        "distance": frechet_distance(features, base["features"]),
        "score": inception_score(logits)[0],
        **measures.neighbourhoods(base["features"][few], features[few], p["k"], p["k_density"]),
        **measures.class_balance(seen, CLASSES),
        "spread": measures.spread_within(features, seen) / base["spread"],
    }
    apart = measures.closest(images, p["batch"], p["batches"], rng)
    found["duplicates"] = float((apart <= base["threshold"]).mean())
    some = rng.permutation(len(images))[: p["neighbours"]]
    found["neighbour_distance"] = float(np.median(nearest(images[some], ctx.data.train_images)[1]))
    if labels is not None:
        found["success"] = float((seen == labels).mean())
        found["per_class"] = [float((seen == labels)[labels == c].mean()) for c in range(CLASSES)]
    return found


def scores(ctx: Context, images: Array, labels: Array | None) -> dict[str, Any]:
    """`compared`, with the judge and the reference among the needs of the stage."""
    reference = ctx.run("reference")
    base = {
        "features": reference.array("features"),
        "threshold": reference.result["threshold"],
        "spread": reference.result["spread"],
    }
    return compared(ctx, restored(ctx, ctx.run("judge")), base, images, labels)


def measure_long(ctx: Context) -> None:
    """The long run in detail: asked against seen classes, and what metrics are blind to."""
    run, reference = ctx.run("cgan-long"), ctx.run("reference")
    count = reference.result["count"]
    samples = run.array("samples")[:count]
    asked = np.arange(count, dtype=np.int64) % CLASSES
    model = restored(ctx, ctx.run("judge"))
    _, logits = looked_at(ctx, model, samples)
    matrix = np.zeros((CLASSES, CLASSES), np.int64)
    np.add.at(matrix, (asked, logits.argmax(1)), 1)
    ctx.save("confusion", matrix)
    for name, value in scores(ctx, samples, asked).items():
        ctx.record(name, value)
    few = np.arange(count) % min(100, count)  # a hundred different images, over and over
    rows = np.random.default_rng([0, 4]).permutation(len(ctx.data.train_labels))[few]
    learnt = scores(ctx, ctx.data.train_images[rows], ctx.data.train_labels[rows])
    ctx.record("memorised", learnt)
    wrong = np.flatnonzero(logits.argmax(1) != asked)[:20]
    ctx.save("wrong", samples[wrong])
    ctx.save("wrong-classes", np.stack([asked[wrong], logits.argmax(1)[wrong]]))
    rows, apart = nearest(samples[:10], ctx.data.train_images)
    ctx.save("nearest", ctx.data.train_images[rows])
    ctx.save("nearest-distances", apart)

"""Question 5: PCA against the GAN, embeddings of real and generated digits, a guided generator.

The guide is a fixed classifier whose loss enters the generator's. What it says of the images that
it helped to make is no evidence, so another classifier, the judge, has the last word.
"""

from typing import Any

import numpy as np

from kit.experiments import Context, Stage, beside

gans = beside(__file__, "gan_experiments")
training = beside(__file__, "gan_training")
judging = beside(__file__, "judge_experiments")
CLASSES = 10
PLAIN = "cgan-base"  # the arm that is guided here and was not there


def plan(config: dict[str, Any]) -> list[Stage]:
    """The embedding of both kinds of digits; the base of question 2 with the guide."""
    data, p = config["data"], config["bonus"]
    embedding = {**p["embedding"], "seed": config["seeds"][0]}
    needs = ("cgan-long", "judge")
    found = [Stage("embedding", "bonus", embed_digits, embedding, needs, data)]
    params = gans.parameters(config, "cgan", p["guided"])
    found.append(Stage("guided", "bonus", train_guided, params, ("guide",), data))
    needs = ("guided", PLAIN, f"{PLAIN}-score", "judge", "guide", "reference")
    found.append(Stage("guided-score", "bonus", score_guided, {}, needs, data))
    return found


def embed_digits(ctx: Context) -> None:
    """Penultimate activations of real test digits and generated ones, in two dimensions."""
    from sklearn.decomposition import PCA  # seconds, and only here
    from sklearn.manifold import TSNE

    p, data = ctx.params, ctx.data
    rng = np.random.default_rng([ctx.seed, 8])
    each = p["images"] // CLASSES
    real = ctx.code.choose_per_class(data.test_labels, each, rng)
    run = ctx.run("cgan-long")
    asked = training.balanced_labels(len(run.array("samples")))
    made = ctx.code.choose_per_class(asked, each, rng)
    images = np.concatenate([data.test_images[real], run.array("samples")[made]])
    model = judging.restored(ctx, ctx.run("judge"))
    features, logits = judging.looked_at(ctx, model, images)
    predictions, confidences = ctx.code.confidences(logits)
    labels = np.concatenate([data.test_labels[real], asked[made]])
    plane = TSNE(2, perplexity=p["perplexity"], init="pca", random_state=ctx.seed)
    principal = PCA(2).fit(features)
    ctx.save("tsne", plane.fit_transform(features).astype(np.float32))
    ctx.save("pca", principal.transform(features).astype(np.float32))
    ctx.record("pca_explained", float(principal.explained_variance_ratio_.sum()))
    ctx.save("labels", labels)
    ctx.save("confidences", confidences)
    ctx.save("right", predictions == labels)
    own, other = _neighbour_shares(features, labels, len(real))
    ctx.record("same_digit", own)
    ctx.record("same_kind", other)
    for name, rows in (("real", slice(0, len(real))), ("made", slice(len(real), None))):
        ctx.record(f"{name}_confidence", float(confidences[rows].mean()))
        ctx.record(f"{name}_sure", float((confidences[rows] > p["sure"]).mean()))
        ctx.record(f"{name}_right", float((predictions == labels)[rows].mean()))


def _neighbour_shares(features: Any, labels: Any, real: int) -> tuple[float, float]:
    """Of each point's nearest neighbour: how often the same digit, how often real with real."""
    from sklearn.neighbors import NearestNeighbors  # seconds, and only here

    _, rows = NearestNeighbors(n_neighbors=1).fit(features).kneighbors()
    kind = np.arange(len(labels)) < real
    first = rows[:, 0]
    return float((labels[first] == labels).mean()), float((kind[first] == kind).mean())


def train_guided(ctx: Context) -> None:
    """Train a CGAN with the guide's classification loss."""
    guide = judging.restored(ctx, ctx.run("guide"))
    game = training.train(ctx, ctx.data.train_images, ctx.data.train_labels, guide=guide)
    labels = training.balanced_labels(ctx.params["samples"])
    rng = np.random.default_rng([ctx.seed, 1, 1])
    noise = ctx.code.sample_noise(len(labels), ctx.params["noise_dim"], rng)
    samples = game.sample(noise, labels)
    ctx.save("samples", samples, local=True)
    ctx.save("grid", samples[: 3 * CLASSES])


def score_guided(ctx: Context) -> None:
    """What the judge says of the images, and what the guide says of these and the plain ones."""
    samples = ctx.run("guided").array("samples")
    labels = training.balanced_labels(len(samples))
    for name, value in judging.scores(ctx, samples, labels).items():
        ctx.record(name, value)
    guide = judging.restored(ctx, ctx.run("guide"))
    for name, images in (("guide", samples), ("plain_guide", ctx.run(PLAIN).array("samples"))):
        seen = judging.looked_at(ctx, guide, images)[1].argmax(1)
        ctx.record(f"{name}_success", float((seen == labels).mean()))

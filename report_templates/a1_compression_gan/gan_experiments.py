"""Exercise 2: train a dense and a convolutional GAN, and judge what they generate.

The judge is a classifier trained here on the real images; its accuracy, the distance between real
images and what one Gaussian per class reaches stand beside every distance.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from kit.experiments import Context, Fact, Run, Stage, beside
from kit.experiments.facts import about
from kit.experiments.keras_models import predict, restore, state, summary

measures = beside(__file__, "measures")
GANS = ("dense_gan", "conv_gan")
GRID = 25  # images in a sample grid
GRID_EVERY = 10  # epochs between grids, besides the first
NEIGHBOURS = 8
LITERAL_NOISE = 7 * 7 * 128  # the handout read to the letter: noise of the features' own shape


def plan(config: dict[str, Any]) -> list[Stage]:
    """The GANs, the judge and its reference, the scores."""
    data, scorer = config["gan"]["data"], config["scorer"]
    shared = {name: value for name, value in config["gan"].items() if name != "data"}
    seed = config["seeds"][0]
    trained = []
    for kind in GANS:
        params = {**shared, **config[kind], "seed": seed, "kind": kind}
        trained.append(Stage(kind, kind, train_adversaries, params, (), data))
    judges = [
        Stage("scorer", "", train_scorer, dict(scorer["training"]), (), data),
        Stage("reference", "", measure_reference, dict(scorer["reference"]), ("scorer",), data),
    ]
    scores = [
        Stage(f"{kind}-score", kind, score, {"kind": kind}, (kind, "scorer", "reference"), data)
        for kind in GANS
    ]
    return [*trained, *judges, *scores]


def train_adversaries(ctx: Context) -> None:
    """Train a generator against a discriminator; keep sample grids and generated images.

    Images are drawn from the running mean of the generator's weights, which its optimiser keeps.
    """
    import keras  # seconds to import, so only where a network is trained

    p = ctx.params
    keras.utils.set_random_seed(ctx.seed)
    generator, discriminator, sampler = _networks(ctx)
    ctx.record("generator", summary(generator))
    ctx.record("discriminator", summary(discriminator))
    optimizers = [keras.optimizers.Adam(p["rate"], beta_1=p["beta_1"])]
    optimizers += [
        keras.optimizers.Adam(
            p["rate"], beta_1=p["beta_1"], use_ema=p["mean_decay"] > 0, ema_momentum=p["mean_decay"]
        )
    ]
    optimizers[0].build(discriminator.trainable_variables)
    discriminator_step = ctx.code.make_discriminator_step(discriminator, optimizers[0])
    gan = ctx.code.stack_gan(generator, discriminator)
    optimizers[1].build(generator.trainable_variables)
    generator_step = ctx.code.make_generator_step(gan, optimizers[1])
    resumed = ctx.resume()
    if resumed:
        restore(resumed[1], generator, discriminator, *optimizers)
    draws = _Draws(ctx)
    fixed = ctx.code.sample_noise(GRID, p["noise_dim"], np.random.default_rng([ctx.seed, 0]))

    def sample(noise: np.ndarray) -> np.ndarray:
        sampler.set_weights(generator.get_weights())
        optimizers[1].finalize_variable_values(sampler.trainable_variables)
        images = predict(sampler, noise, 500)[..., 0]
        return np.rint(np.clip((images + 1) * 127.5, 0, 255)).astype(np.uint8)

    def on_epoch(row: dict[str, Any]) -> None:
        ctx.epoch(epochs=p["epochs"], **row)
        if row["epoch"] == 1 or row["epoch"] % GRID_EVERY == 0 or row["epoch"] == p["epochs"]:
            ctx.save(f"grid-{row['epoch']:03d}", sample(fixed))
        ctx.checkpoint(row["epoch"], state(generator, discriminator, *optimizers))

    ctx.code.train_gan(
        draws.batches,
        draws.noise,
        _generate(generator),
        draws.mixed,
        discriminator_step,
        generator_step,
        p["epochs"],
        on_epoch,
        first_epoch=resumed[0] + 1 if resumed else 1,
    )
    rng = np.random.default_rng([ctx.seed, p["epochs"] + 1])
    samples = sample(ctx.code.sample_noise(p["samples"], p["noise_dim"], rng))
    ctx.save("samples", samples, local=True)
    ctx.record("images", len(draws.images))


def _networks(ctx: Context) -> tuple[Any, Any, Any]:
    """A generator, a discriminator and a second generator to sample from."""
    noise_dim = ctx.params["noise_dim"]
    if ctx.params["kind"] == "dense_gan":
        build, opponent = ctx.code.build_dense_generator, ctx.code.build_dense_discriminator
    else:
        build, opponent = ctx.code.build_conv_generator, ctx.code.build_conv_discriminator
    return build(noise_dim), opponent(), build(noise_dim)


def _generate(generator: Any) -> Callable[[np.ndarray], np.ndarray]:
    """The generator in training mode, so that its batch statistics are those of the batch."""
    import tensorflow as tf  # seconds to import, so only where a network is trained

    forward = tf.function(lambda noise: generator(noise, training=True), reduce_retracing=True)
    return lambda noise: forward(noise).numpy()


class _Draws:
    """All that is random in an epoch of GAN training, drawn from the seed and the epoch alone."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.images = ctx.code.scale_images(ctx.data.train_images[: ctx.params["images"] or None])
        self.rng = np.random.default_rng(0)
        self.sigma = 0.0

    def batches(self, epoch: int) -> Iterator[np.ndarray]:
        """The real images of an epoch in a new order; instance noise falls to zero."""
        p = self.ctx.params
        self.rng = np.random.default_rng([self.ctx.seed, epoch])
        self.sigma = p["instance_noise"] * (1 - (epoch - 1) / p["epochs"])
        order = self.rng.permutation(len(self.images))
        for first in range(0, len(order), p["batch"]):
            yield self.images[order[first : first + p["batch"]]]

    def noise(self, count: int) -> np.ndarray:
        """The generator's input."""
        noise: np.ndarray = self.ctx.code.sample_noise(
            count, self.ctx.params["noise_dim"], self.rng
        )
        return noise

    def mixed(self, real: np.ndarray, fake: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Real and fake images in random order, with instance noise and one-sided soft labels."""
        code = self.ctx.code
        labels = code.gan_labels(len(real), len(fake), real=self.ctx.params["real_label"])
        if self.sigma > 0:
            real = code.add_instance_noise(real, self.sigma, self.rng)
            fake = code.add_instance_noise(fake, self.sigma, self.rng)
        mixed: tuple[np.ndarray, np.ndarray] = code.mixed_batch(real, fake, labels, self.rng)
        return mixed


def _scorer(width: int) -> tuple[Any, Any]:
    """The classifier that scores images, logits out, and its penultimate layer as a network."""
    import keras  # seconds to import, so only where a network is trained

    layers = keras.layers
    inputs = keras.Input((28, 28, 1))
    hidden = inputs
    for filters in (32, 64):
        hidden = layers.Conv2D(filters, 3, padding="same", activation="relu")(hidden)
        hidden = layers.MaxPooling2D()(hidden)
    features = layers.Dense(width, activation="relu")(layers.Flatten()(hidden))
    logits = layers.Dense(10)(layers.Dropout(0.5)(features))
    return keras.Model(inputs, logits), keras.Model(inputs, features)


def train_scorer(ctx: Context) -> None:
    """Train the classifier on whose features generated images are judged."""
    import keras  # seconds to import, so only where a network is trained

    p = ctx.params
    keras.utils.set_random_seed(p["seed"])
    classifier, _ = _scorer(p["features"])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    classifier.compile(keras.optimizers.Adam(p["rate"]), loss, metrics=["accuracy"])
    report = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: ctx.epoch(epoch + 1, p["epochs"], **logs)
    )
    images = _unit(ctx.data.train_images)
    labels = ctx.data.train_labels
    classifier.fit(
        images, labels, batch_size=128, epochs=p["epochs"], verbose=0, callbacks=[report]
    )
    predictions = predict(classifier, _unit(ctx.data.test_images)).argmax(1)
    ctx.record("accuracy", float((predictions == ctx.data.test_labels).mean()))
    ctx.record("summary", summary(classifier))
    for index, array in enumerate(classifier.get_weights()):
        ctx.save(f"weight-{index}", array, local=True)


def _unit(images: np.ndarray) -> np.ndarray:
    return images[..., None].astype(np.float32) / np.float32(255)


def _judge(scorer: Run) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """A function of uint8 images: their features and class probabilities."""
    classifier, features = _scorer(scorer.params["features"])
    names = [name for name in scorer.arrays if name.startswith("weight-")]
    classifier.set_weights([scorer.array(f"weight-{index}") for index in range(len(names))])

    def judge(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        logits = predict(classifier, _unit(images)).astype(np.float64)
        odds = np.exp(logits - logits.max(1, keepdims=True))
        return predict(features, _unit(images)), odds / odds.sum(1, keepdims=True)

    return judge


def measure_reference(ctx: Context) -> None:
    """What any generator is held against: the test images, train images, one Gaussian per class."""
    p, rng = ctx.params, np.random.default_rng(ctx.params["seed"])
    data, judge = ctx.data, _judge(ctx.run("scorer"))
    count = min(p["samples"], len(data.test_labels))
    rows = rng.permutation(len(data.train_labels))[:count]
    rivals = measures.class_gaussians(
        data.train_images, data.train_labels, p["components"], count, rng
    )
    features, odds = judge(data.test_images)
    ctx.save("features", features, local=True)
    train, _ = judge(data.train_images[rows])
    ctx.record("floor", measures.frechet_distance(train, features))
    ctx.record("score", measures.inception_score(odds))
    made, made_odds = judge(rivals)
    ctx.record("pca", {"distance": measures.frechet_distance(made, features), "count": count})
    ctx.record("pca_score", measures.inception_score(made_odds))
    ctx.record("pca_balance", measures.class_balance(made_odds.argmax(1), 10))
    ctx.save("pca-grid", rivals[:GRID])
    _, distances = measures.nearest(data.test_images[: p["neighbours"]], data.train_images)
    ctx.record("neighbour_distance", float(np.median(distances)))


def score(ctx: Context) -> None:
    """Judge the images of a trained generator."""
    samples = ctx.run(ctx.params["kind"]).array("samples")
    features, odds = _judge(ctx.run("scorer"))(samples)
    reference = ctx.run("reference")
    ctx.record("distance", measures.frechet_distance(features, reference.array("features")))
    ctx.record("score", measures.inception_score(odds))
    ctx.record("balance", measures.class_balance(odds.argmax(1), 10))
    count = reference.params["neighbours"]
    rows, distances = measures.nearest(samples[:count], ctx.data.train_images)
    ctx.record("neighbour_distance", float(np.median(distances)))
    ctx.save("samples", samples[:NEIGHBOURS])
    ctx.save("neighbours", ctx.data.train_images[rows[:NEIGHBOURS]])
    ctx.save("distances", distances[:NEIGHBOURS])


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """What a report may state of the GANs that are among the runs."""
    return [fact for kind in GANS if kind in runs for fact in _facts_of(runs, kind)]


def _facts_of(runs: Mapping[str, Run], kind: str) -> list[Fact]:
    gan, scored = runs[kind], runs[f"{kind}-score"]
    scorer, reference = runs["scorer"], runs["reference"]
    p, last = gan.params, gan.history[-1]
    keys = (gan.key, scored.key, scorer.key, reference.key)
    balance, rival = scored.result["balance"], reference.result["pca_balance"]
    counts = {
        "epochs": len(gan.history),
        "images": gan.result["images"],
        "batch": p["batch"],
        "noise_dim": p["noise_dim"],
        "samples": p["samples"],
        "generator.parameters": gan.result["generator"]["trainable"],
        "generator.total": gan.result["generator"]["total"],
        "discriminator.parameters": gan.result["discriminator"]["trainable"],
        "covered": balance["covered"],
        "pca_covered": rival["covered"],
        "pca_components": reference.params["components"],
        "features": scorer.params["features"],
    }
    found = about(kind, [gan, scored, scorer, reference])
    found += [Fact(f"{kind}.{name}", n, digits=0, runs=keys) for name, n in counts.items()]
    values: dict[str, tuple[float, str, int]] = {
        "discriminator_loss": (last["discriminator_loss"], "", 3),
        "generator_loss": (last["generator_loss"], "", 3),
        "rate": (p["rate"], "", 4),
        "beta_1": (p["beta_1"], "", 1),
        "real_label": (p["real_label"], "", 1),
        "instance_noise": (p["instance_noise"], "", 2),
        "mean_decay": (p["mean_decay"], "", 3),
        "distance": (scored.result["distance"], "", 1),
        "floor": (reference.result["floor"], "", 2),
        "pca_distance": (reference.result["pca"]["distance"], "", 1),
        "score": (scored.result["score"], "", 2),
        "real_score": (reference.result["score"], "", 2),
        "pca_score": (reference.result["pca_score"], "", 2),
        "total_variation": (balance["total_variation"], "", 3),
        "neighbour_distance": (scored.result["neighbour_distance"], "", 0),
        "real_neighbour_distance": (reference.result["neighbour_distance"], "", 0),
        "scorer_accuracy": (100 * scorer.result["accuracy"], "%", 2),
        "training_minutes": (gan.seconds / 60, "min", 1),
    }
    for name, (value, unit, digits) in values.items():
        found.append(Fact(f"{kind}.{name}", value, unit, digits, runs=keys))
    return found


def claims(facts: Mapping[str, Fact]) -> dict[str, bool]:
    """What a report may say of these facts, and whether they bear it out."""
    found: dict[str, bool] = {}
    kinds = [kind for kind in GANS if f"{kind}.distance" in facts]
    for kind in kinds:
        value = {
            name.removeprefix(f"{kind}."): fact.value
            for name, fact in facts.items()
            if name.startswith(f"{kind}.") and not isinstance(fact.value, str)
        }
        found |= {
            f"{kind}_covers_all_classes": value["covered"] == 10,
            f"{kind}_is_balanced": value["total_variation"] <= 0.05,
            f"{kind}_beats_pca": value["distance"] < value["pca_distance"],
            f"{kind}_above_floor": value["distance"] > value["floor"],
            f"{kind}_copies_nothing": value["neighbour_distance"]
            > 0.5 * value["real_neighbour_distance"],
        }
    if "conv_gan" in kinds:
        found["conv_gan_is_literal"] = facts["conv_gan.noise_dim"].value == LITERAL_NOISE
    if len(kinds) == len(GANS):
        dense, conv = (float(facts[f"{kind}.distance"].value) for kind in GANS)
        found["conv_gan_beats_dense_gan"] = conv < dense
    return found

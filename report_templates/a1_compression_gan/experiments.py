"""The experiments: low-rank compression of an MLP, and two GANs with their measures.

`plan` lists the stages of a configuration, `facts` what a report may state of their runs, `claims`
what those facts bear out. The stages train with the implementation's own functions (`ctx.code`).
The test set is read after each epoch for the curves of the report and decides nothing: learning
rates are chosen on images held out of the training set, by the stages whose names begin with
`tune`; in their histories `test_accuracy` is the accuracy on those images.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from kit.experiments import Context, Fact, Run, Stage
from kit.experiments.generative import (
    class_balance,
    class_gaussians,
    frechet_distance,
    inception_score,
    nearest,
)
from kit.experiments.keras_models import cosine, predict, restore, state, summary

FACTORS = (2, 4, 8)
STARTS = ("svd", "random")  # of the factorised network: the factors, or a fresh initialisation
GANS = ("dense_gan", "conv_gan")
GRID = 25  # images in a sample grid
GRID_EVERY = 10  # epochs between grids, besides the first
NEIGHBOURS = 8


def plan(config: dict[str, Any]) -> list[Stage]:
    """The stages of every part, each after those it needs."""
    return [*_plan_compression(config), *_plan_gans(config)]


def _plan_compression(config: dict[str, Any]) -> list[Stage]:
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


def _plan_gans(config: dict[str, Any]) -> list[Stage]:
    data, scorer = config["gan"]["data"], config["scorer"]
    shared = {name: value for name, value in config["gan"].items() if name != "data"}
    stages = [
        Stage("scorer", "", train_scorer, dict(scorer["training"]), (), data),
        Stage("reference", "", measure_reference, dict(scorer["reference"]), ("scorer",), data),
    ]
    for kind in GANS:
        params = {**shared, **config[kind], "seed": config["seeds"][0], "kind": kind}
        stages.append(Stage(kind, kind, train_adversaries, params, (), data))
        needs = (kind, "scorer", "reference")
        stages.append(Stage(f"{kind}-score", kind, score, {"kind": kind}, needs, data))
    return stages


# Exercise 1: compression


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


# Exercise 2: the GANs


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
    rivals = class_gaussians(data.train_images, data.train_labels, p["components"], count, rng)
    features, odds = judge(data.test_images)
    ctx.save("features", features, local=True)
    train, _ = judge(data.train_images[rows])
    ctx.record("floor", frechet_distance(train, features))
    ctx.record("score", inception_score(odds))
    made, made_odds = judge(rivals)
    ctx.record("pca", {"distance": frechet_distance(made, features), "count": count})
    ctx.record("pca_score", inception_score(made_odds))
    ctx.record("pca_balance", class_balance(made_odds.argmax(1), 10))
    ctx.save("pca-grid", rivals[:GRID])
    _, distances = nearest(data.test_images[: p["neighbours"]], data.train_images)
    ctx.record("neighbour_distance", float(np.median(distances)))


def score(ctx: Context) -> None:
    """Judge the images of a trained generator."""
    samples = ctx.run(ctx.params["kind"]).array("samples")
    features, odds = _judge(ctx.run("scorer"))(samples)
    reference = ctx.run("reference")
    ctx.record("distance", frechet_distance(features, reference.array("features")))
    ctx.record("score", inception_score(odds))
    ctx.record("balance", class_balance(odds.argmax(1), 10))
    count = reference.params["neighbours"]
    rows, distances = nearest(samples[:count], ctx.data.train_images)
    ctx.record("neighbour_distance", float(np.median(distances)))
    ctx.save("samples", samples[:NEIGHBOURS])
    ctx.save("neighbours", ctx.data.train_images[rows[:NEIGHBOURS]])
    ctx.save("distances", distances[:NEIGHBOURS])


# Facts and claims


def facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
    """Every value that the report states, of the parts that are among the runs."""
    found: list[Fact] = []
    if any(run.part == "compression" for run in runs.values()):
        found += _compression_facts(runs, config)
    for kind in GANS:
        if kind in runs:
            found += _gan_facts(runs, kind)
    return found


def _mean(name: str, values: Mapping[str, float], unit: str = "", digits: int = 2) -> Fact:
    """The mean of `values`, by run key, with their standard deviation if there are several."""
    numbers = list(values.values())
    spread = float(np.std(numbers, ddof=1)) if len(numbers) > 1 else None
    return Fact(name, float(np.mean(numbers)), unit, digits, spread, len(numbers), tuple(values))


def _about(part: str, runs: Sequence[Run]) -> list[Fact]:
    """Where the numbers of a part come from: data, machine, versions, time."""
    keys, first = tuple(run.key for run in runs), runs[0]
    data = first.dataset or {}
    texts = {
        "data": data["title"],
        "hardware": first.hardware["device"],
        "system": first.hardware["system"],
        **{f"version.{name}": version for name, version in first.versions.items()},
    }
    counts = {"train": data["train"], "test": data["test"], "cores": first.hardware["cores"]}
    found = [Fact(f"{part}.{name}", text, runs=keys) for name, text in texts.items()]
    found += [Fact(f"{part}.{name}", count, digits=0, runs=keys) for name, count in counts.items()]
    minutes = sum(run.seconds for run in runs) / 60
    return [*found, Fact(f"{part}.minutes", minutes, "min", 1, runs=keys)]


def _compression_facts(runs: Mapping[str, Run], config: Mapping[str, Any]) -> list[Fact]:
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
    found = _about("compression", mine)
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
    return _mean(name, {run: 100 * row[key] for run, row in rows.items()}, "%")


def _ends(name: str, runs: Sequence[Run]) -> list[Fact]:
    """The last row of the histories."""
    rows = {run.key: run.history[-1] for run in runs}
    found = [
        _percent(f"{name}.{key}_accuracy", rows, f"{key}_accuracy") for key in ("train", "test")
    ]
    for key in ("train_loss", "test_loss"):
        found.append(_mean(f"{name}.{key}", {run: row[key] for run, row in rows.items()}, "", 3))
    lowest = {run.key: min(row["test_loss"] for row in run.history) for run in runs}
    return [*found, _mean(f"{name}.lowest_test_loss", lowest, "", 3)]


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
        found.append(_mean(f"{name}.energy.{layer}", energy, "%", 1))
    found.append(Fact(f"{name}.parameters", one["parameters"], digits=0, runs=keys))
    ratio = one["base_parameters"] / one["parameters"]
    found.append(Fact(f"{name}.ratio", ratio, runs=keys))
    for start, group in (("svd", svd), ("random", random)):
        before = {run.key: run.result["before"] for run in group}
        found.append(Fact(f"{name}.{start}.rate", group[0].result["rate"], digits=3, runs=keys))
        found.append(_percent(f"{name}.{start}.before", before, "accuracy"))
        losses = {run: row["loss"] for run, row in before.items()}
        found.append(_mean(f"{name}.{start}.before_loss", losses, "", 3))
        found += _ends(f"{name}.{start}", group)
    differences = {"gain": (svd, random), "cost": (base, svd)}
    for what, (first, second) in differences.items():
        points = {
            b.key: 100 * (a.history[-1]["test_accuracy"] - b.history[-1]["test_accuracy"])
            for a, b in zip(first, second, strict=True)
        }
        found.append(_mean(f"{name}.{what}", points, "points"))
        least = min(points.values()) if what == "gain" else max(points.values())
        found.append(Fact(f"{name}.{what}_worst", least, "points", runs=keys))
    return found


def _gan_facts(runs: Mapping[str, Run], kind: str) -> list[Fact]:
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
    found = _about(kind, [gan, scored, scorer, reference])
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
    """The sentences of the report that could be false, and whether these facts bear them out."""
    found: dict[str, bool] = {}

    def value(name: str) -> float:
        return float(facts[name].value)

    if "compression.base.test_accuracy" in facts:
        base = value("compression.base.test_accuracy")
        after = [value(f"compression.{factor}x.svd.test_accuracy") for factor in FACTORS]
        for factor in FACTORS:
            found[f"svd_beats_random_{factor}"] = value(f"compression.{factor}x.gain_worst") > 0
            found[f"real_ratio_below_nominal_{factor}"] = (
                value(f"compression.{factor}x.ratio") < factor
            )
        found |= {
            "base_reaches_98": base >= 98.0,
            "base_overfits": value("compression.base.train_accuracy") > base,
            "two_x_keeps_accuracy": value("compression.2x.cost") <= 0.2,
            "four_x_reaches_96_5": after[1] >= 96.5,
            "eight_x_reaches_85": after[2] >= 85.0,
            "smaller_is_less_accurate": after[0] > after[1] > after[2],
            "eight_x_rank_one": value("compression.8x.rank.3") == 1,
            "last_layer_loses_most": all(
                value(f"compression.{factor}x.energy.3")
                < min(value(f"compression.{factor}x.energy.{layer}") for layer in (1, 2))
                for factor in FACTORS
            ),
            "refinement_recovers": all(
                value(f"compression.{factor}x.svd.test_accuracy")
                > value(f"compression.{factor}x.svd.before")
                for factor in FACTORS
            ),
        }
    for kind in GANS:
        if f"{kind}.distance" in facts:
            found |= {
                f"{kind}_covers_all_classes": value(f"{kind}.covered") == 10,
                f"{kind}_is_balanced": value(f"{kind}.total_variation") <= 0.05,
                f"{kind}_beats_pca": value(f"{kind}.distance") < value(f"{kind}.pca_distance"),
                f"{kind}_above_floor": value(f"{kind}.distance") > value(f"{kind}.floor"),
                f"{kind}_copies_nothing": value(f"{kind}.neighbour_distance")
                > 0.5 * value(f"{kind}.real_neighbour_distance"),
            }
    if all(f"{kind}.distance" in facts for kind in GANS):
        found["conv_gan_beats_dense_gan"] = value("conv_gan.distance") < value("dense_gan.distance")
    return found

"""Question 4: a digit classifier trained on real and on generated images.

Every arm starts from the same weights and makes the same number of steps, whatever the size of its
training set. Two settings are kept apart: a GAN that has seen all labelled images lends its
knowledge of them to a classifier that is said to have only a few (`all`); a GAN that has seen only
those few (`own`) has nothing to lend.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from kit.experiments import Context, Stage, beside

gans = beside(__file__, "gan_experiments")
training = beside(__file__, "gan_training")
judging = beside(__file__, "judge_experiments")
Array = np.ndarray[Any, Any]
Images = tuple[Array, Array]
CLASSES = 10
STRATEGIES = ("mix", "filter", "pretrain")
FEW = ("real", "shifted", *(f"{source}-{how}" for source in ("own", "all") for how in STRATEGIES))


def plan(config: dict[str, Any]) -> list[Stage]:
    """The grid of portions, and the few labels: a stage per count and seed."""
    p, data = config["retraining"], config["data"]
    common = {"classifier": p["classifier"], "finetune": p["finetune"], "least": p["least"]}
    found = []
    for seed in p["grid"]["seeds"]:
        params = {**p["grid"], **common, "seed": seed}
        found.append(Stage(f"grid-{seed}", "retraining", train_grid, params, ("cgan-long",), data))
    own = gans.parameters(config, "cgan", p["own"])
    for count in p["few"]["counts"]:
        for seed in p["few"]["seeds"]:
            params = {**own, **common, **p["few"], "seed": seed, "count": count}
            needs = ("cgan-long", "judge")
            name = f"few-{count}-{seed}"
            found.append(Stage(name, "retraining", train_few, params, needs, data))
    return found


class Learner:
    """One small classifier that is trained again and again from the same first weights."""

    def __init__(self, ctx: Context) -> None:
        """Build it, with its step compiled once."""
        import keras  # seconds to import, so only where a network is trained
        import tensorflow as tf

        self.ctx, self.p = ctx, ctx.params["classifier"]
        keras.utils.set_random_seed(ctx.seed)
        self.model = ctx.code.build_classifier(self.p["channels"], self.p["hidden"], CLASSES)
        for layer in self.model.layers:  # short trainings: running statistics must keep up
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.momentum = self.p["momentum"]
        self.first = self.model.get_weights()
        self.optimizer = keras.optimizers.Adam(self.p["rate"])
        self.step = ctx.code.make_classifier_step(
            self.model, self.optimizer, ctx.code.classification_loss
        )
        self.forward = tf.function(lambda images: self.model(images, training=False))
        self.rng = np.random.default_rng(0)

    def fresh(self) -> "Learner":
        """Forget what was learnt: first weights, no moments, the same random numbers."""
        self.model.set_weights(self.first)
        rate = self.optimizer.learning_rate
        for variable in self.optimizer.variables:
            if variable is not rate:
                variable.assign(np.zeros(variable.shape))
        self.rng = np.random.default_rng([self.ctx.seed, 5])
        return self

    def train(self, examples: Images, steps: int, rate: float, shift: int = 0) -> None:
        """Train on for `steps`; the rate falls from `rate` to zero along a cosine."""
        images, labels = examples
        for step, rows in enumerate(self._rows(len(labels), steps)):
            self.optimizer.learning_rate.assign(rate / 2 * (1 + np.cos(np.pi * step / steps)))
            batch = self.ctx.code.scale_images(images[rows])
            if shift:
                batch = self.ctx.code.shift_images(batch, shift, self.rng)
            self.step(batch, labels[rows])

    def _rows(self, count: int, steps: int) -> Iterator[Array]:
        found: Iterator[Array] = self.ctx.code.index_batches(
            count, self.p["batch"], steps, self.rng
        )
        return found

    def probabilities(self, images: Array) -> Array:
        """Class probabilities (n, 10) of uint8 images."""
        parts = []
        for start in range(0, len(images), 1000):
            scaled = self.ctx.code.scale_images(images[start : start + 1000])
            parts.append(self.forward(scaled).numpy().astype(np.float64))
        logits = np.concatenate(parts)
        odds = np.exp(logits - logits.max(1, keepdims=True))
        return np.asarray(odds / odds.sum(1, keepdims=True))

    def accuracy(self) -> float:
        """That on the test images; nothing is chosen by it."""
        data = self.ctx.data
        return float((self.probabilities(data.test_images).argmax(1) == data.test_labels).mean())


def confident(ctx: Context, judge: Learner, synthetic: Images) -> Images:
    """The generated images that a classifier of the real ones takes for what they should be."""
    images, labels = synthetic
    odds = judge.probabilities(images)
    rows = ctx.code.filter_confident(odds, labels, ctx.params["least"])
    return images[rows], labels[rows]


def learn(ctx: Context, learner: Learner, how: str, real: Images, synthetic: Images) -> int:
    """Train a fresh classifier by one strategy; returns how many synthetic images it was given."""
    steps, rate = ctx.params["steps"], ctx.params["classifier"]["rate"]
    if how == "filter":
        learner.fresh().train(real, steps, rate)
        synthetic = confident(ctx, learner, synthetic)
    learner.fresh()
    if how == "pretrain":
        tune = ctx.params["finetune"]
        ctx.code.pretrain_finetune(
            learner.train, synthetic, real, steps, tune["share"], (rate, tune["rate"])
        )
    else:
        learner.train(joined(ctx, real, synthetic), steps, rate)
    return len(synthetic[1])


def joined(ctx: Context, real: Images, synthetic: Images) -> Images:
    """All of both sets."""
    both: Images = ctx.code.mix_sets(real, synthetic, 1.0, 1.0, lambda labels, _: _all(labels))
    return both


def _all(labels: Array) -> Array:
    return np.arange(len(labels))


def train_grid(ctx: Context) -> None:
    """Portions of the real images against portions of the synthetic ones; then strategies."""
    p, learner = ctx.params, Learner(ctx)
    samples = ctx.run("cgan-long").array("samples")
    synthetic = (samples, training.balanced_labels(len(samples)))
    real = (ctx.data.train_images, ctx.data.train_labels)
    arms = [("mix", r, s) for r in p["real"] for s in p["synthetic"]]
    arms += [(how, r, 1.0) for how in STRATEGIES[1:] for r in p["strategies"]]
    arms.append(("mix", 0.0, 1.0))
    resumed = ctx.resume()
    for place, (how, r, s) in enumerate(arms[resumed[0] if resumed else 0 :]):
        number = place + 1 + (resumed[0] if resumed else 0)
        rng = np.random.default_rng([ctx.seed, 6])

        def choose(labels: Array, portion: float, rng: Any = rng) -> Array:
            rows: Array = ctx.code.choose_portion(labels, portion, rng)
            return rows

        if how == "mix":
            examples = ctx.code.mix_sets(real, synthetic, r, s, choose)
            learner.fresh().train(examples, p["steps"], p["classifier"]["rate"])
            used = len(examples[1])
        else:
            rows = choose(real[1], r)
            part = (real[0][rows], real[1][rows])
            used = len(rows) + learn(ctx, learner, how, part, synthetic)
        row = {"strategy": how, "real": r, "synthetic": s, "used": used}
        ctx.epoch(number, len(arms), accuracy=learner.accuracy(), **row)
        ctx.checkpoint(number, {})


def train_few(ctx: Context) -> None:
    """A few labels per class, with and without the images of the two GANs."""
    p, learner = ctx.params, Learner(ctx)
    rng = np.random.default_rng([ctx.seed, 7, p["count"]])
    rows = ctx.code.choose_per_class(ctx.data.train_labels, p["count"], rng)
    real = (ctx.data.train_images[rows], ctx.data.train_labels[rows])
    sources = {"own": _own(ctx, real, rng), "all": _lent(ctx)}
    judge = judging.restored(ctx, ctx.run("judge"))
    for name, (images, labels) in sources.items():
        seen = judging.looked_at(ctx, judge, images)[1].argmax(1)
        ctx.record(f"{name}_success", float((seen == labels).mean()))
        ctx.save(f"{name}-images", images[:CLASSES])
    for number, arm in enumerate(FEW, 1):
        used, rate = 0, p["classifier"]["rate"]
        source, _, how = arm.partition("-")
        if how:
            used = learn(ctx, learner, how, real, sources[source])
        else:
            shift = p["shift"] if arm == "shifted" else 0
            learner.fresh().train(real, p["steps"], rate, shift)
        ctx.epoch(number, len(FEW), arm=arm, used=used, accuracy=learner.accuracy())


def _own(ctx: Context, real: Images, rng: np.random.Generator) -> Images:
    """Images of a CGAN that was trained on these real ones alone."""
    game = training.train(ctx, *real, resumable=False)
    labels = training.balanced_labels(ctx.params["generated"])
    noise = ctx.code.sample_noise(len(labels), ctx.params["noise_dim"], rng)
    return game.sample(noise, labels), labels


def _lent(ctx: Context) -> Images:
    """As many images of the CGAN that saw all labels."""
    samples = ctx.run("cgan-long").array("samples")[: ctx.params["generated"]]
    return samples, training.balanced_labels(len(samples))

"""Training of one GAN, conditional or not, from a stage's parameters: what every part shares.

The networks, the losses, the steps and the loop are the implementation's own. Images are sampled
with the running mean of the generator's weights, by a second generator of the same shape.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from kit.experiments import Context
from kit.experiments.keras_models import restore, state, summary

Array = np.ndarray[Any, Any]
CLASSES = 10
ROUND = 100  # iterations between two rows of the history; one checkpoint each


class Game:
    """Generator, sampler, discriminator and their optimisers, built from `ctx.params`.

    A batch is drawn by its rows from images that lie in memory. All that is random in a round is
    drawn from the seed and the number of the round, so that a resumed run goes on as it was.
    """

    def __init__(self, ctx: Context, images: Array, labels: Array) -> None:
        """Build the networks; `images` uint8 (n, 28, 28) and `labels` (n,) are the real ones."""
        import keras  # seconds to import, so only where a network is trained

        self.ctx, self.p = ctx, ctx.params
        keras.utils.set_random_seed(ctx.seed)
        self.images, self.labels = ctx.code.scale_images(images), labels
        reference = self._reference()
        self.generator, self.sampler = self._generator(reference), self._generator(reference)
        self.sampler.set_weights(self.generator.get_weights())
        self.discriminator = self._discriminator()
        adam = {"beta_1": self.p["beta_1"], "beta_2": self.p["beta_2"]}
        self.optimizers = [
            keras.optimizers.Adam(self.p[f"{player}_rate"], **adam)
            for player in ("discriminator", "generator")
        ]
        self.rng = np.random.default_rng(0)

    def _generator(self, reference: Array) -> Any:
        code, p = self.ctx.code, self.p
        width = p["noise_dim"] + (p["embedding"] if p["conditional"] else 0)
        decoder = code.build_generator(width, p["channels"], p["normalisation"], len(reference))
        if p["normalisation"] == "virtual":
            decoder = code.with_reference(decoder, reference)
        if not p["conditional"]:
            return decoder
        return code.build_conditional_generator(decoder, p["noise_dim"], CLASSES)

    def _reference(self) -> Array:
        """The reference batch: noise and, beside it, numbers as small as a fresh embedding's."""
        rng = np.random.default_rng([self.ctx.seed, 0])
        noise = self.ctx.code.sample_noise(self.p["reference_size"], self.p["noise_dim"], rng)
        if not self.p["conditional"]:
            return np.asarray(noise)
        spread = rng.uniform(-0.05, 0.05, (len(noise), self.p["embedding"]))
        return np.concatenate([noise, spread.astype(np.float32)], axis=1)

    def _discriminator(self) -> Any:
        code, p = self.ctx.code, self.p
        plane = p["conditional"] and p["head"] == "plane"
        features = code.build_features(p["features"], p["spectral"], 2 if plane else 1)
        if not p["conditional"]:
            return code.build_discriminator(features)
        if plane:
            return code.build_plane_discriminator(features, CLASSES)
        return code.build_projection_discriminator(features, CLASSES)

    def batches(self, number: int) -> Iterator[tuple[Array, Array | None]]:
        """The real batches of a round."""
        self.rng = np.random.default_rng([self.ctx.seed, number])
        steps = self.steps(number)
        for rows in self.ctx.code.index_batches(len(self.images), self.p["batch"], steps, self.rng):
            yield self.images[rows], self.labels[rows] if self.p["conditional"] else None

    def steps(self, number: int) -> int:
        """The iterations of a round; the last one may be shorter."""
        return int(min(ROUND, self.p["iterations"] - ROUND * (number - 1)))

    def latents(self, count: int) -> tuple[Array, Array | None]:
        """Noise and, for a conditional generator, as many labels of each class."""
        noise = self.ctx.code.sample_noise(count, self.p["noise_dim"], self.rng)
        if not self.p["conditional"]:
            return noise, None
        return noise, self.ctx.code.sample_labels(count, CLASSES, self.rng)

    def sample(self, noise: Array, labels: Array | None) -> Array:
        """uint8 images (n, 28, 28) of the running mean."""
        inputs = noise if labels is None else [noise, labels]
        parts = []
        for start in range(0, len(noise), 1000):
            rows = slice(start, start + 1000)
            part = inputs[rows] if labels is None else [one[rows] for one in inputs]
            parts.append(self.ctx.code.unscale_images(self._forward(part).numpy()))
        return np.concatenate(parts)

    def _forward(self, inputs: Any) -> Any:
        return self.sampler(inputs, training=False)


def losses(ctx: Context, guide: Any = None) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The losses of discriminator and generator that the parameters name."""
    code, p = ctx.code, ctx.params
    if p["loss"] == "hinge":
        discriminator, adversarial = code.hinge_discriminator_loss, code.hinge_generator_loss
    else:
        adversarial = code.minimax_loss if p["loss"] == "minimax" else code.non_saturating_loss

        def discriminator(real: Any, fake: Any) -> Any:
            return code.discriminator_loss(real, fake, p["real_label"])

    if guide is None:
        return discriminator, lambda fakes, logits, labels: adversarial(logits)

    def guided(fakes: Any, logits: Any, labels: Any) -> Any:
        seen = guide(fakes, training=False)
        return code.class_guided_loss(
            logits, seen, labels, adversarial, code.classification_loss, p["class_weight"]
        )

    return discriminator, guided


def train(
    ctx: Context,
    images: Array,
    labels: Array,
    *,
    guide: Any = None,
    resumable: bool = True,
    on_round: Callable[[Game, int], None] = lambda game, number: None,
) -> Game:
    """Train a GAN on these images for `iterations`; returns it with its sampler ready.

    Args:
        ctx: the stage; its parameters are those of the configuration's [gan] and of an arm.
        images: uint8 (n, 28, 28).
        labels: (n,); an unconditional GAN looks at none of them.
        guide: a fixed classifier whose opinion enters the generator's loss.
        resumable: rows, checkpoints and the networks' summaries are kept by the stage; a GAN that
            is only a step on the way leaves nothing.
        on_round: called after each round, before its checkpoint.
    """
    game = Game(ctx, images, labels)
    of_discriminator, of_generator = losses(ctx, guide)
    code, p = ctx.code, ctx.params
    discriminator_step = code.make_discriminator_step(
        game.generator, game.discriminator, game.optimizers[0], of_discriminator
    )
    generator_step, counter = _averaged(game, of_generator)
    owners = (game.generator, game.sampler, game.discriminator, *game.optimizers)
    resumed = ctx.resume() if resumable else None
    if resumed:
        stored = dict(resumed[1])
        counter.assign(stored.pop("updates"))
        restore(stored, *owners)
    if resumable:
        ctx.record("generator", summary(game.generator))
        ctx.record("discriminator", summary(game.discriminator))
        ctx.record("images", len(images))
    rounds = -(-p["iterations"] // ROUND)

    def on_epoch(row: dict[str, Any]) -> None:
        number = int(row["epoch"])
        if not resumable:
            return
        done = min(p["iterations"], ROUND * number)
        ctx.epoch(epochs=rounds, iterations=done, **row)
        on_round(game, number)
        ctx.checkpoint(number, {**state(*owners), "updates": np.asarray(counter)})

    code.train_gan(
        game.batches,
        game.latents,
        discriminator_step,
        generator_step,
        rounds,
        code.balance_updates if p["balance"] else None,
        on_epoch,
        first_epoch=resumed[0] + 1 if resumed else 1,
    )
    return game


def _averaged(game: Game, loss: Callable[..., Any]) -> tuple[Callable[..., Any], Any]:
    """The generator's step with the running mean behind it, and the count of its updates."""
    import tensorflow as tf  # seconds to import, so only where a network is trained

    code, p = game.ctx.code, game.p
    step = code.make_generator_step(game.generator, game.discriminator, game.optimizers[1], loss)
    counter = tf.Variable(0.0)

    @tf.function
    def average() -> None:
        code.update_average(game.sampler.weights, game.generator.weights, p["mean_decay"], counter)
        counter.assign_add(1.0)

    def both(noise: Array, labels: Array | None) -> Any:
        found = step(noise, labels)
        average()
        return found

    return both, counter


def balanced_labels(count: int) -> Array:
    """0, 1, ..., 9, 0, 1, ...: `count` labels to generate."""
    return np.arange(count, dtype=np.int64) % CLASSES

"""Exercise 2, the training: noise, batches, losses, one step of each network, and the loop.

The losses and steps are TensorFlow. Noise and labels are NumPy, drawn from the generator that is
passed, so that a run can be repeated. The loop knows neither: it calls what it is given.
"""

from collections.abc import Callable, Iterable

import keras
import numpy as np
import tensorflow as tf

Array = np.ndarray


def sample_noise(count: int, dim: int, rng: np.random.Generator) -> Array:
    """Draw `count` vectors from the standard normal distribution in `dim` dimensions.

    Returns:
        float32 (count, dim), drawn from `rng` alone; each call draws anew.
    """
    raise NotImplementedError("sample_noise is not written yet")


def add_instance_noise(images: Array, sigma: float, rng: np.random.Generator) -> Array:
    """Add independent normal noise of standard deviation `sigma` to every pixel.

    Noise on real and fake images makes the two distributions overlap, so that the discriminator
    cannot win by one telling pixel (Arjovsky & Bottou 2017). The sum is not clipped.

    Args:
        images: float32 (n, ...); left as they are.
        sigma: 0 gives the images back unchanged.
        rng: the only source of the noise.

    Returns:
        float32, the shape of `images`.
    """
    raise NotImplementedError("add_instance_noise is not written yet")


def gan_labels(real_count: int, fake_count: int, real: float = 1.0, fake: float = 0.0) -> Array:
    """The targets of a batch of real images followed by fake ones.

    Soft labels go in as `real` and `fake`; one-sided smoothing, `real=0.9` with `fake=0`, is the
    kind that keeps the fakes out of the best discriminator's numerator (Salimans et al. 2016).

    Returns:
        float32 (real_count + fake_count, 1), the real rows first.
    """
    raise NotImplementedError("gan_labels is not written yet")


def mixed_batch(
    real: Array, fake: Array, labels: Array, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Join real and fake images and shuffle the rows, labels along with their images.

    Only the first axis is permuted; the pixels of an image stay where they are.

    Args:
        real: images (B, ...).
        fake: images (F, ...), shaped like the real ones.
        labels: (B + F, 1), in the order real, then fake.
        rng: the only source of the permutation.

    Returns:
        The B + F images and their labels, in the same new order.
    """
    raise NotImplementedError("mixed_batch is not written yet")


def bce_with_logits(logits: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
    """Mean binary cross-entropy of targets in [0, 1], from logits.

    For a logit z and a target t this is -t log s(z) - (1 - t) log(1 - s(z)), s the sigmoid. It is
    finite for |z| up to 1e4 and beyond, and its derivative by z is s(z) - t.

    Args:
        logits: (n, 1).
        targets: (n, 1), hard or soft.

    Returns:
        A scalar tensor, differentiable.
    """
    raise NotImplementedError("bce_with_logits is not written yet")


def discriminator_loss(
    real_logits: tf.Tensor,
    fake_logits: tf.Tensor,
    real_label: float = 1.0,
    fake_label: float = 0.0,
) -> tf.Tensor:
    """The discriminator's binary cross-entropy, the mean over all real and fake images.

    Args:
        real_logits: (B, 1), the discriminator's answers to real images.
        fake_logits: (F, 1), its answers to fake ones; F need not be B.
        real_label: the target of real images; 0.9 is one-sided label smoothing.
        fake_label: the target of fake images.

    Returns:
        A scalar tensor: Goodfellow et al. 2014, equation 1, negated and averaged over B + F.
    """
    raise NotImplementedError("discriminator_loss is not written yet")


def generator_loss(fake_logits: tf.Tensor) -> tf.Tensor:
    """The generator's non-saturating loss: the mean of -log D(G(z)).

    Its gradient stays near -1 per image where the discriminator is sure of the fakes; that of
    log(1 - D(G(z))) vanishes there (Goodfellow et al. 2014, section 3).

    Args:
        fake_logits: (n, 1), the discriminator's answers to fake images.

    Returns:
        A scalar tensor.
    """
    raise NotImplementedError("generator_loss is not written yet")


def make_discriminator_step(
    discriminator: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    loss: Callable[[tf.Tensor, tf.Tensor], tf.Tensor] = bce_with_logits,
) -> Callable[[Array, Array], tf.Tensor]:
    """Make the function that trains the discriminator on one batch.

    `step(images, labels)` runs the discriminator in training mode, changes its weights by one
    step of `optimizer` down the gradient of `loss(logits, labels)`, and returns that loss, taken
    before the change. It trains the whole discriminator even where `stack_gan` has frozen it,
    and leaves its `trainable` as it was.

    Args:
        discriminator: built, with logits out.
        optimizer: not used for any other network.
        loss: called as `loss(logits, labels)`.
    """
    raise NotImplementedError("make_discriminator_step is not written yet")


def make_generator_step(
    gan: keras.Sequential,
    optimizer: keras.optimizers.Optimizer,
    loss: Callable[[tf.Tensor], tf.Tensor] = generator_loss,
) -> Callable[[Array], tf.Tensor]:
    """Make the function that trains the generator through the frozen discriminator.

    `step(noise)` runs the generator in training mode and the discriminator in inference mode,
    changes the generator's weights by one step of `optimizer` down the gradient of
    `loss(logits)`, and returns that loss, taken before the change. The discriminator stays as it
    is to the last bit, batch statistics included, whatever its `trainable` says.

    Args:
        gan: `stack_gan(generator, discriminator)`.
        optimizer: not used for any other network.
        loss: called as `loss(logits)` on the discriminator's answers to the fake images.
    """
    raise NotImplementedError("make_generator_step is not written yet")


def train_gan(
    batches: Callable[[int], Iterable[Array]],
    noise: Callable[[int], Array],
    generate: Callable[[Array], Array],
    make_batch: Callable[[Array, Array], tuple[Array, Array]],
    discriminator_step: Callable[[Array, Array], float],
    generator_step: Callable[[Array], float],
    epochs: int,
    on_epoch: Callable[[dict[str, float]], None] | None = None,
    first_epoch: int = 1,
) -> list[dict[str, float]]:
    """Train a GAN: for every real batch one step of the discriminator, then one of the generator.

    For a batch of B real images the discriminator learns from `make_batch(real, fake)`, where
    the fakes are `generate(noise(B))`; the generator then learns from B fresh noise vectors
    (Goodfellow et al. 2014, algorithm 1, k = 1).

    Args:
        batches: `batches(epoch)` gives the epoch's batches of real images; sizes may differ.
        noise: `noise(count)` draws noise vectors.
        generate: from noise vectors to as many fake images.
        make_batch: from real and fake images to the discriminator's images and labels.
        discriminator_step: trains on images and labels; returns its loss.
        generator_step: trains on noise vectors; returns its loss.
        epochs: the number of the last epoch.
        on_epoch: called with each row as soon as its epoch is over.
        first_epoch: the number of the first epoch; above 1 where a run is resumed.

    Returns:
        A row per epoch: `epoch`, and `discriminator_loss` and `generator_loss`, the means of the
        steps' losses weighted by the number of real images in their batches.
    """
    raise NotImplementedError("train_gan is not written yet")

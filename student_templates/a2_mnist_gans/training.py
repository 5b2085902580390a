"""Questions 1 and 2: batches, one step of each player, their balance, the mean of the weights.

One step and one loop serve both GANs. Where labels are None the networks are called on images or
noise alone; otherwise on the pair [images, labels] or [noise, labels].
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import keras
import numpy as np
import tensorflow as tf

Array = np.ndarray
Batch = tuple[Array, Array | None]
Labels = tf.Tensor | None


def shuffled_batches(
    images: Array, labels: Array | None, batch_size: int, rng: np.random.Generator
) -> Iterator[Batch]:
    """The batches of one epoch: images with their labels, in an order drawn anew from `rng`.

    Every batch is full: what remains at the end is left out for this epoch, since a batch of
    another size would have a compiled step compiled again.

    Args:
        images: (n, ...).
        labels: (n,), or None; then every batch has None in their place.
        batch_size: at most n.
        rng: the only source of the order.
    """
    raise NotImplementedError("shuffled_batches is not written yet")


def make_discriminator_step(
    generator: keras.Model,
    discriminator: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    loss: Callable[[tf.Tensor, tf.Tensor], tf.Tensor],
) -> Callable[..., tuple[tf.Tensor, tf.Tensor]]:
    """Make the function that trains the discriminator on one batch.

    `step(images, labels, noise, noise_labels)` makes fakes of the noise, with the generator in
    training mode, and changes the discriminator's weights by one step of `optimizer` down the
    gradient of `loss(real_logits, fake_logits)`. The discriminator runs in training mode, once on
    the real images and once on the fakes. The generator's trainable weights stay as they are.

    Returns:
        The step. It returns two scalar tensors from before the change: the loss, and the share of
        real images with a logit above 0 and fakes with one below, the mean of both shares.
    """

    raise NotImplementedError("make_discriminator_step is not written yet")


def make_generator_step(
    generator: keras.Model,
    discriminator: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    loss: Callable[[tf.Tensor, tf.Tensor, Labels], tf.Tensor],
) -> Callable[..., tf.Tensor]:
    """Make the function that trains the generator through the discriminator.

    `step(noise, noise_labels)` runs the generator in training mode and the discriminator in
    inference mode, and changes the generator's weights by one step of `optimizer` down the
    gradient of `loss(fakes, fake_logits, noise_labels)`. The discriminator stays as it is to the
    last bit. A loss that looks at logits alone is free to leave the other two out of account.

    Returns:
        The step. It returns the loss from before the change, a scalar tensor.
    """

    raise NotImplementedError("make_generator_step is not written yet")


def update_average(
    average: Sequence[tf.Variable], weights: Sequence[tf.Variable], decay: float, step: float
) -> None:
    """Move a running mean of a network's weights towards the weights: a <- d a + (1 - d) w.

    The factor d is the smaller one of `decay` and step / (step + 10), so that the random weights of
    the beginning are soon forgotten: at step 0 the mean is the weights.

    Args:
        average: changed in place, array by array.
        weights: as many, of the same shapes; left as they are.
        decay: d in the long run, such as 0.999.
        step: how many updates there were before this one; a number or a scalar tensor.
    """
    raise NotImplementedError("update_average is not written yet")


def balance_updates(
    accuracy: float, low: float = 0.6, high: float = 0.9, most: int = 3
) -> tuple[int, int]:
    """How many updates discriminator and generator get in the next turn.

    Args:
        accuracy: the discriminator's on its last batch: 0.5 is a guess, 1 beats the generator.
        low: below it the discriminator is behind and gets `most` updates, the generator one.
        high: above it the generator is behind and gets `most`, the discriminator one.
        most: the updates of the one that is behind.

    Returns:
        (discriminator's, generator's); in between, both bounds included, one each.
    """
    raise NotImplementedError("balance_updates is not written yet")


def train_gan(
    batches: Callable[[int], Iterable[Batch]],
    latents: Callable[[int], Batch],
    discriminator_step: Callable[..., tuple[float, float]],
    generator_step: Callable[..., float],
    epochs: int,
    balance: Callable[[float], tuple[int, int]] | None = None,
    on_epoch: Callable[[dict[str, float]], None] | None = None,
    first_epoch: int = 1,
) -> list[dict[str, float]]:
    """Train a GAN: a turn for every real batch, first the discriminator, then the generator.

    In a turn with B real images each update of either player draws B latents of its own. Losses are
    kept as they come (tensors stay tensors): a turn waits for no result, unless `balance` asks.

    Args:
        batches: `batches(epoch)` gives the epoch's real images and labels (or None).
        latents: `latents(count)` draws noise and the labels (or None) to generate.
        discriminator_step: `step(images, labels, noise, noise_labels)` returns loss and accuracy.
        generator_step: `step(noise, noise_labels)` returns its loss.
        epochs: the number of the last epoch.
        balance: from the discriminator's accuracy in its last update (0.5 before the first one of
            this call) to the numbers of updates in the turn; without it, one each.
        on_epoch: called with each row as soon as its epoch is over.
        first_epoch: the number of the first epoch; above 1 where a run is resumed.

    Returns:
        A row per epoch: `epoch`; `discriminator_loss`, `generator_loss` and `accuracy` (the
        discriminator's), means over the updates; `discriminator_updates`, `generator_updates`.
    """
    raise NotImplementedError("train_gan is not written yet")

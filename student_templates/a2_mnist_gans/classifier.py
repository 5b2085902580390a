"""Question 3: the digit classifier, which judges the generators and is retrained in question 4.

The network gives logits; what it is sure of, and the embeddings that the metrics work on, are read
off it. Images are float32 (n, 28, 28, 1) in [-1, 1], whose background is -1.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import keras
import numpy as np
import tensorflow as tf
from keras import layers

Array = np.ndarray


def build_classifier(
    channels: Sequence[int] = (16, 32), hidden: Sequence[int] = (120, 84), classes: int = 10
) -> keras.Sequential:
    """A convolutional network: 28x28 - 14x14xc0 - 7x7xc1 - ... - dense layers - logits.

    For each entry of `channels` a 5x5 convolution, "same", then batch normalisation, ReLU and 2x2
    max pooling; flattened; for each entry of `hidden` a dense layer, batch normalisation and ReLU;
    last a dense layer, whose logits the loss takes the softmax of. All layers have biases.

    Returns:
        A model from images (n, 28, 28, 1) to logits (n, classes). With the defaults it has 213,550
        parameters, 213,046 of them trainable.
    """
    raise NotImplementedError("build_classifier is not written yet")


def embedding_network(model: keras.Sequential) -> keras.Model:
    """The network without its last layer: from images to what that layer gets to see.

    Args:
        model: built; its weights are shared, not copied.

    Returns:
        A model from images to the penultimate layer's activations, such as (n, 84).
    """
    raise NotImplementedError("embedding_network is not written yet")


def confidences(logits: Array) -> tuple[Array, Array]:
    """What a classifier predicts, and how sure it is: the largest softmax probability.

    Args:
        logits: (n, classes), of any size: 1e4 does not overflow.

    Returns:
        The predictions, integers (n,), and the confidences (n,), in [1 / classes, 1].
    """
    raise NotImplementedError("confidences is not written yet")


def shift_images(images: Array, most: int, rng: np.random.Generator) -> Array:
    """Shift every image by its own random number of pixels, down and to the right.

    The two numbers are drawn from -most, ..., most, each equally likely. Pixels that leave the
    image are lost, and background, -1, comes in. Digits are not mirrored: that makes other signs.

    Args:
        images: (n, 28, 28, 1); left as they are.
        most: 0 gives the images back unchanged.
        rng: the only source of the shifts.

    Returns:
        The shape and the type of `images`.
    """
    raise NotImplementedError("shift_images is not written yet")


def index_batches(
    count: int, batch_size: int, steps: int, rng: np.random.Generator
) -> Iterator[Array]:
    """Rows for exactly `steps` updates, so that small and large training sets train equally long.

    The rows 0, ..., count - 1 come in an order drawn from `rng`; when all have come, in a new one.
    A batch may straddle two rounds, and even several where `count` is below `batch_size`.

    Returns:
        `steps` integer arrays (batch_size,).
    """
    raise NotImplementedError("index_batches is not written yet")


def make_classifier_step(
    model: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    loss: Callable[[tf.Tensor, tf.Tensor], tf.Tensor],
) -> Callable[[Array, Array], tuple[tf.Tensor, tf.Tensor]]:
    """Make the function that trains the classifier on one batch.

    `step(images, labels)` runs the model in training mode and changes its weights by one step of
    `optimizer` down the gradient of `loss(logits, labels)`.

    Returns:
        The step. It returns two scalar tensors from before the change: the loss, and the share of
        images whose largest logit is that of the label.
    """
    raise NotImplementedError("make_classifier_step is not written yet")


def train_classifier(
    step: Callable[[Array, Array], tuple[float, float]],
    batches: Callable[[int], Iterable[tuple[Array, Array]]],
    evaluate: Callable[[], float],
    epochs: int,
    on_epoch: Callable[[dict[str, float]], None] | None = None,
    first_epoch: int = 1,
) -> list[dict[str, float]]:
    """Train for the epochs `first_epoch`, ..., `epochs`, and report a row for each.

    Args:
        step: `step(images, labels)` trains on a batch; mean loss and share of right ones.
        batches: `batches(epoch)` gives that epoch's images and labels; sizes may differ.
        evaluate: called once after each epoch's training; an accuracy on other images.
        epochs: the number of the last epoch.
        on_epoch: called with each row as soon as it is complete.
        first_epoch: above 1 where a training that was interrupted goes on.

    Returns:
        A row per epoch: `epoch`, `loss` and `accuracy`, means over the epoch's images, and
        `held_out_accuracy`, what `evaluate` returned.
    """
    raise NotImplementedError("train_classifier is not written yet")

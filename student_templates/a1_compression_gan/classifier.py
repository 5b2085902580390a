"""The MNIST classifier 784-100-50-10, its low-rank twin, and the loop that trains either.

Networks give logits, never probabilities: every loss here is taken from logits. The loop takes
what it depends on as arguments and knows no framework. The SVD itself is in `compression.py`.
"""

from collections.abc import Callable, Iterable, Sequence

import keras
import numpy as np
import tensorflow as tf


def preprocess_images(images: np.ndarray) -> np.ndarray:
    """Turn images (n, 28, 28) of bytes 0..255 into float32 rows (n, 784) in [0, 1].

    A pixel is divided by 255, nothing else; rows of an image follow each other. The images that
    were given stay as they are.
    """
    raise NotImplementedError("preprocess_images is not written yet")


def build_mlp(
    inputs: int = 784, hidden: Sequence[int] = (100, 50), classes: int = 10
) -> keras.Sequential:
    """A network of dense layers with biases: ReLU after each hidden layer, logits (n, classes) out.

    With the sizes of the assignment it has 84,060 parameters. It is built: it has its weights.
    """
    raise NotImplementedError("build_mlp is not written yet")


def build_factored_mlp(
    ranks: Sequence[int],
    inputs: int = 784,
    hidden: Sequence[int] = (100, 50),
    classes: int = 10,
) -> keras.Sequential:
    """The network of `build_mlp` with two dense layers in the place of each one.

    The first of a pair has as many units as its rank, no bias and no activation. The second has
    the width, the bias and the activation of the layer that the pair replaces. With ranks
    (50, 25, 5) and the sizes of the assignment it has 48,410 parameters.

    Raises:
        ValueError: there is not one rank for each layer of `build_mlp`.
    """
    raise NotImplementedError("build_factored_mlp is not written yet")


def set_factored_weights(
    model: keras.Sequential,
    factors: Sequence[tuple[np.ndarray, np.ndarray]],
    biases: Sequence[np.ndarray],
) -> None:
    """Give a factored network the weights of a trained one.

    Args:
        model: a network as `build_factored_mlp` makes it, changed in place.
        factors: for each pair of layers the matrices U' (m, k) and Vᵀ (k, n).
        biases: for each pair the bias (n,) of the layer that the pair replaces.

    Raises:
        ValueError: the numbers of pairs, factors and biases differ.
    """
    raise NotImplementedError("set_factored_weights is not written yet")


def make_train_step(
    model: keras.Model, optimizer: keras.optimizers.Optimizer
) -> Callable[[np.ndarray, np.ndarray], tuple[float, int]]:
    """A function that trains `model` on one batch.

    Each call of `step(images, labels)` makes one update by the gradient of the mean cross-entropy
    between the logits (n, classes) and the integer labels (n,), with the model in training mode.
    It returns that mean loss and the number of correct predictions, both from before the update.
    It is compiled (`tf.function`), so that an epoch takes seconds. `model` is built.
    """
    raise NotImplementedError("make_train_step is not written yet")


def evaluate(
    model: keras.Model, images: np.ndarray, labels: np.ndarray, batch_size: int = 1000
) -> tuple[float, float]:
    """Mean cross-entropy from logits and accuracy in [0, 1] over all images, in inference mode.

    Batches keep the memory small. Every image counts the same, those of a short last batch too,
    so the result does not depend on `batch_size`.
    """
    raise NotImplementedError("evaluate is not written yet")


def confusion_matrix(labels: np.ndarray, predictions: np.ndarray, classes: int = 10) -> np.ndarray:
    """Count pairs of classes: entry [i, j] of (classes, classes) is how often an i was called a j.

    Rows are the true classes, columns the predicted ones, counts are int64. A class that does not
    occur has a row or a column of zeros.
    """
    raise NotImplementedError("confusion_matrix is not written yet")


def train_classifier(
    train_step: Callable[[np.ndarray, np.ndarray], tuple[float, int]],
    evaluate: Callable[[], tuple[float, float]],
    batches: Callable[[int], Iterable[tuple[np.ndarray, np.ndarray]]],
    epochs: int,
    on_epoch: Callable[[dict[str, float]], None] | None = None,
    first_epoch: int = 1,
) -> list[dict[str, float]]:
    """Train for the epochs `first_epoch`, ..., `epochs`, and report a row for each.

    A row has the keys epoch, train_loss, train_accuracy, test_loss and test_accuracy. The two of
    training are means over the images of the epoch, not over its batches: the last may be short.

    Args:
        train_step: `step(images, labels)` trains on a batch; mean loss and number correct.
        evaluate: called without arguments once after each epoch's training; test loss, accuracy.
        batches: `batches(epoch)` gives the batches (images, labels) of that epoch.
        epochs: the number of the last epoch.
        on_epoch: called with each row as soon as it is complete.
        first_epoch: above 1 where a training that was interrupted goes on.

    Returns:
        The rows, in order; none where `first_epoch` is above `epochs`.
    """
    raise NotImplementedError("train_classifier is not written yet")

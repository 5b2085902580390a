"""Problem 2.1: MNIST for a multi-layer perceptron, the Keras network, and its training.

The network gives logits, never probabilities: the softmax is part of the loss. Losses that are
reported are plain cross-entropies, without the penalties on weights, so that networks with and
without a penalty can be compared. The split and the pixel statistics are NumPy.
"""

from collections.abc import Callable, Sequence

import keras
import numpy as np

Array = np.ndarray
Data = tuple[Array, Array]


def split_validation(
    images: Array, labels: Array, count: int, rng: np.random.Generator
) -> tuple[Data, Data]:
    """Set `count` images aside for validation, chosen at random without replacement.

    Args:
        images: (n, ...); left as they are, like the labels.
        labels: (n,).
        count: how many, 0 < count < n.
        rng: the only source of the choice.

    Returns:
        (images, labels) of the n - count images to train on, then of the `count` others. Every
        image is in exactly one of the two, with its own label.

    Raises:
        ValueError: `count` is not between 1 and n - 1.
    """
    raise NotImplementedError("split_validation is not written yet")


def pixel_statistics(images: Array) -> tuple[float, float]:
    """The mean and the standard deviation of all pixels, scaled to [0, 1]; two floats.

    They are for training images alone: what is learnt from others would leak into the training.

    Args:
        images: bytes 0..255, of any shape. The deviation divides by the number of pixels.
    """
    raise NotImplementedError("pixel_statistics is not written yet")


def preprocess_images(images: Array, mean: float, deviation: float) -> Array:
    """Turn images (n, 28, 28) of bytes 0..255 into rows of normalised pixels, float32 (n, 784).

    A pixel is scaled to [0, 1]; then `mean` is subtracted and the rest divided by `deviation`,
    both from `pixel_statistics` of the training images, whichever images these are. Rows of an
    image follow each other. The images that were given stay as they are.
    """
    raise NotImplementedError("preprocess_images is not written yet")


def build_mlp(
    hidden: Sequence[int] = (512, 256),
    classes: int = 10,
    l1: float = 0.0,
    l2: float = 0.0,
    dropout: float = 0.0,
    shift: int = 0,
) -> keras.Sequential:
    """A `Sequential` network: rows (n, 784) in, ReLU after each hidden layer, logits out.

    It is built: it has its weights. With the default sizes it has 535,818 parameters, whatever
    the regularisers.

    Args:
        hidden: the widths of the hidden dense layers.
        classes: the width of the last dense layer.
        l1: the factor of the sum of |w| over the kernels of all dense layers, not over biases.
        l2: the same for the sum of w².
        dropout: the share of each hidden layer's activations that training drops.
        shift: the most pixels by which training moves an image up or down, and left or right, by
            random real numbers; the pixels that come in repeat the border or mirror it. 0: none.

    Returns:
        The network. Dropout and shifts are idle outside training.
    """
    raise NotImplementedError("build_mlp is not written yet")


def make_optimizer(name: str, learning_rate: float) -> keras.optimizers.Optimizer:
    """A new optimiser of Keras.

    Args:
        name: "sgd", plain stochastic gradient descent; "momentum", the same with a momentum of
            0.9 (not Nesterov's); "adam", with the defaults of Keras.
        learning_rate: constant.

    Raises:
        ValueError: there is no optimiser of that name.
    """
    raise NotImplementedError("make_optimizer is not written yet")


def evaluate_mlp(model: keras.Model, images: Array, labels: Array) -> tuple[float, float]:
    """Mean cross-entropy from logits and accuracy in [0, 1] over all images, in inference mode.

    The loss is the cross-entropy alone: no penalty on weights is part of it. `model` need not be
    compiled, and it stays as it is.
    """
    raise NotImplementedError("evaluate_mlp is not written yet")


def train_mlp(
    model: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    train: Data,
    validation: Data,
    epochs: int,
    batch_size: int = 128,
    patience: int | None = None,
    on_epoch: Callable[[dict[str, float]], None] | None = None,
) -> list[dict[str, float]]:
    """Compile and fit `model`, and report a row for each epoch.

    The training minimises the cross-entropy from logits plus the model's own penalties. A row has
    the keys epoch (1, 2, ...), train_loss, train_accuracy, validation_loss and
    validation_accuracy; both losses are cross-entropies alone. Those of training are the averages
    that Keras keeps while the epoch runs, those of validation are taken in inference mode after it.

    Args:
        model: built, with logits out; weights are trained in place.
        optimizer: new, used for this training alone.
        train: preprocessed images and whole-number labels; shuffled before each epoch.
        validation: the same for the images set aside; nothing is learnt from them.
        epochs: the most epochs.
        batch_size: the last batch may be smaller.
        patience: stop after so many epochs in a row whose validation loss is no new minimum, and
            take back the weights of the best epoch. None: train all epochs, keep the last weights.
        on_epoch: called with each row as soon as it is complete.

    Returns:
        The rows of the epochs that were run, in order.
    """
    raise NotImplementedError("train_mlp is not written yet")

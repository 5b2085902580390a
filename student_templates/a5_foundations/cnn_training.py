"""Problem 2.2, the training: CIFAR-10 as tensors, its loader, the step, the loop, the diagnosis.

Images are in memory, so the loader fetches a batch at once; the step and the loop keep their sums
on the device and wait for it once per epoch. The loop knows no network: it calls what it is given.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import (
    BatchSampler,
    DataLoader,
    RandomSampler,
    SequentialSampler,
    TensorDataset,
)

Step = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


def channel_statistics(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of each channel of (n, 32, 32, 3), pixels scaled to [0, 1].

    Both have shape (3,); the deviation divides by the number of pixels. They are for the training
    images alone, whose bytes are left as they are.
    """
    raise NotImplementedError("channel_statistics is not written yet")


def to_tensor(images: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> Tensor:
    """Normalise bytes (n, 32, 32, 3), channels last, to a float32 tensor (n, 3, 32, 32).

    Pixels are scaled to [0, 1]; then each channel's `mean` is subtracted and the rest divided by
    its `deviation`, both from the training images.
    """
    raise NotImplementedError("to_tensor is not written yet")


def make_loader(
    images: Tensor, labels: Tensor, batch_size: int, shuffle: bool = False, seed: int = 0
) -> DataLoader:
    """A `DataLoader` over tensors in memory; iterating it gives batches (images, labels).

    Every image comes once in each pass, with its own label; the last batch may be smaller. With
    `shuffle` every pass has a new order, and loaders of the same seed give the same passes;
    without, images come in their order. For speed, fetch a whole batch by one indexing.

    Args:
        images: float32 (n, ...).
        labels: int64 (n,).
        batch_size: how many images a batch holds.
        shuffle: for training.
        seed: of the order, independent of PyTorch's global generator.
    """
    raise NotImplementedError("make_loader is not written yet")


def flip_and_shift(images: Tensor, generator: torch.Generator, most: int = 4) -> Tensor:
    """Augment a batch (n, c, h, w): each image by its own flip and shift; returns a new tensor.

    An image is mirrored left to right with probability 1/2. Then it is moved by a whole number of
    pixels from -most to most, each as likely, along the height, and independently along the width;
    the pixels that come in are 0. The batch that was given stays as it is.

    Args:
        images: float32, on any device.
        generator: on the CPU; the only source of randomness.
        most: 0 leaves the images in place.
    """
    raise NotImplementedError("flip_and_shift is not written yet")


def make_train_step(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    augment: Callable[[Tensor], Tensor] | None = None,
) -> Step:
    """Make the function that trains `model` on one batch.

    `step(images, labels)` moves the batch to the model's device, augments the images, and changes
    the weights by one step of `optimizer` down the gradient of the batch's mean cross-entropy, the
    model in training mode. It returns that loss and the number of correct predictions, both from
    before the update, as tensors without a graph: reading them would wait for the device.
    """
    raise NotImplementedError("make_train_step is not written yet")


def evaluate_cnn(model: nn.Module, loader: Iterable[tuple[Tensor, Tensor]]) -> tuple[float, float]:
    """Mean cross-entropy and accuracy in [0, 1] over all images of `loader`, in inference mode.

    Every image counts the same, those of a short last batch too. Nothing is recorded for a
    gradient, and the model is left in the mode (training or not) in which it came.
    """
    raise NotImplementedError("evaluate_cnn is not written yet")


def train_cnn(
    train_step: Step,
    evaluate: Callable[[], tuple[float, float]],
    loader: Iterable[tuple[Tensor, Tensor]],
    epochs: int,
    on_epoch: Callable[[dict[str, float]], None] | None = None,
    first_epoch: int = 1,
) -> list[dict[str, float]]:
    """Train for the epochs `first_epoch`, ..., `epochs`, and report a row for each.

    A row has the keys epoch, train_loss, train_accuracy, validation_loss and validation_accuracy.
    The two of training are means over the images of the epoch, not over its batches.

    Args:
        train_step: `step(images, labels)` trains on a batch; mean loss and number correct.
        evaluate: called without arguments once after each epoch's training; validation loss and
            accuracy.
        loader: iterated once per epoch; gives batches (images, labels).
        epochs: the number of the last epoch.
        on_epoch: called with each row as soon as it is complete.
        first_epoch: above 1 where a training that was interrupted goes on.

    Returns:
        The rows, in order; none where `first_epoch` is above `epochs`.
    """
    raise NotImplementedError("train_cnn is not written yet")


def diagnose(rows: Sequence[dict[str, float]], most_gap: float = 0.05) -> str:
    """Whether a training ended in "overfitting" or in "underfitting".

    It overfits where the training accuracy of the last row is above its validation accuracy by
    more than `most_gap`: more capacity would be wasted on it. Otherwise it underfits: it has not
    even learnt its training images better than others.

    Raises:
        ValueError: there are no rows.
    """
    raise NotImplementedError("diagnose is not written yet")

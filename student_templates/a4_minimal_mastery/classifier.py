"""Part 1: AddNIST, and a classifier of fewer than 100,000 parameters in at most 10,000 steps.

An AddNIST image has a handwritten digit in each of its three channels; its class is what the three
add up to. Data are arrays or tensors in memory, channels first. Cite here, and in the paper, every
piece of code that is not your own.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import torch
from torch import Tensor, nn

# What the run in your paper had: plain numbers, such as 12_345.
PARAMETERS = None
STEPS = None


# The data


def sum_label(digits: np.ndarray) -> np.ndarray:
    """The classes (n,) int64 of triples of digits (n, 3) of any integer type: their sum minus 1.

    Raises:
        ValueError: a sum is not in 1..20, so that there is no class for it.
    """
    raise NotImplementedError("sum_label is not written yet")


def digit_triples(label: int) -> np.ndarray:
    """Every triple of digits of a class, (k, 3), each order a triple of its own, once.

    Class 0 has three: a one in one of the channels, zeros in the others.
    """
    raise NotImplementedError("digit_triples is not written yet")


def build_addnist(
    images: np.ndarray, digits: np.ndarray, per_class: Sequence[int], rng: np.random.Generator
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Splits of AddNIST made of single digits, such as training and validation images.

    Within a class every triple of digits is equally likely, and so is every image of a digit. No
    image (three given images in an order) comes twice, within a split or in two of them. The
    images of a split are in a random order.

    Args:
        images: (n, h, w); the splits have their type.
        digits: (n,), which digit each one shows; each of 0..9 is there.
        per_class: for each split, how many images it has of each of the 20 classes.
        rng: where every draw comes from.

    Returns:
        For each split, images (m, 3, h, w) and classes (m,) int64.

    Raises:
        ValueError: a class does not have so many different images.
    """
    raise NotImplementedError("build_addnist is not written yet")


def normalise(images: np.ndarray) -> np.ndarray:
    """Bytes as float32, as the published files have them: pixels in [0, 1], -0.1307, / 0.3081."""
    raise NotImplementedError("normalise is not written yet")


def endless_batches(
    images: Tensor, labels: Tensor, batch_size: int, generator: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of `batch_size` images with their labels, for as long as anybody asks.

    Each pass over the data has an order of its own, drawn from `generator`; what is too few for a
    batch at the end of a pass is left out, so no image comes twice in a pass.

    Raises:
        ValueError: there are fewer images than a batch needs (when the first batch is asked for).
    """
    raise NotImplementedError("endless_batches is not written yet")


# Augmentation


def shuffle_channels(images: Tensor, generator: torch.Generator) -> Tensor:
    """Images (n, c, h, w) with their channels in another order, drawn for each image anew.

    The sum does not care about the order, so the class stays. All orders are equally likely.
    """
    raise NotImplementedError("shuffle_channels is not written yet")


def random_affine(
    images: Tensor,
    generator: torch.Generator,
    rotation: float = 0.1,
    scale: float = 0.06,
    shift: float = 0.07,
) -> Tensor:
    """Turn, scale and move each channel of each image (n, c, h, w) on its own, about its centre.

    Pixels between those given are interpolated linearly; what comes in from outside has the value
    of the background, which is the least value of that channel.

    Args:
        images: (n, c, h, w), square.
        generator: where every draw comes from.
        rotation: angles are uniform in [-rotation, rotation], in radians.
        scale: sizes are uniform in [1 - scale, 1 + scale].
        shift: moves are uniform in [-shift, shift] in each direction, as shares of the side.
    """
    raise NotImplementedError("random_affine is not written yet")


# The model


def sum_log_probabilities(logits: Tensor) -> Tensor:
    """What the digits of three channels say about the class: log-probabilities (n, 20).

    The three digits are independent given their logits (n, 3, 10), so their sum has the
    convolution of three distributions; 0 and 21..27 are no classes and are ruled out. There is no
    parameter in it. Computed with logarithms throughout: finite for logits of any size.
    """
    raise NotImplementedError("sum_log_probabilities is not written yet")


def encode_channels(encoder: Callable[[Tensor], Tensor], images: Tensor) -> Tensor:
    """The outputs (n, c, k) of one encoder for each channel of images (n, c, h, w).

    The encoder takes (m, 1, h, w) and gives (m, k). It is called once, with all channels.
    """
    raise NotImplementedError("encode_channels is not written yet")


def build_classifier() -> nn.Module:
    """A classifier of your own design: images (n, 3, 28, 28) in, log-probabilities (n, 20) out.

    It has fewer than 100,000 parameters, and each of them matters. In inference mode it gives the
    same answer to an image whatever else is in the batch.
    """
    raise NotImplementedError("build_classifier is not written yet")


# Budgets


def count_parameters(*models: nn.Module) -> int:
    """How many numbers the parameters of all these networks hold together, frozen ones too.

    A parameter in two places, of one network or of two, counts once. Buffers are no parameters.
    """
    raise NotImplementedError("count_parameters is not written yet")


def penalty_points(amount: int, limit: int) -> int:
    """The marks that a budget costs: 5 for each full 10 % over the limit, and none below that."""
    raise NotImplementedError("penalty_points is not written yet")


# Training


def learning_rate(step: int, steps: int, peak: float, warmup: int) -> float:
    """The learning rate of the step 0, ..., steps - 1: a linear rise, then half a cosine.

    Step 0 has peak / warmup, step warmup - 1 the peak; from step `warmup`, which has the peak, it
    falls, and would be 0 at `steps`. With warmup = 0 there is no rise.
    """
    raise NotImplementedError("learning_rate is not written yet")


def train_classifier(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    batches: Iterable[tuple[Tensor, Tensor]],
    steps: int,
    first_step: int = 0,
    rate: Callable[[int], float] | None = None,
    on_step: Callable[[int], None] | None = None,
) -> Tensor:
    """Make the steps first_step, ..., steps - 1, one update for each batch; never one more.

    The network gives log-probabilities and is in training mode at each step; the loss is minus
    that of the label, the mean over the batch. The losses are not read during the training: that
    would stop the device at every step.

    Args:
        model: the network.
        optimizer: of its parameters.
        batches: images and labels; no more of them are drawn than there are steps.
        steps: the number of steps in all, those before `first_step` included.
        first_step: above 0 where a training that was interrupted goes on.
        rate: the learning rate of a step, set in every group before that step is made.
        on_step: called with the step's number after each update.

    Returns:
        The losses (steps - first_step,), each before its update, without a gradient.
    """
    raise NotImplementedError("train_classifier is not written yet")


def evaluate(
    model: nn.Module, images: Tensor, labels: Tensor, batch_size: int = 64
) -> tuple[float, float, float]:
    """The loss, the accuracy and its spread, in inference mode and without gradients.

    Loss and accuracy in [0, 1] are means over the images, so they do not depend on `batch_size`.
    The spread is the standard deviation (divided by their number) of the accuracies of the
    mini-batches, the last one included though it may be short. The mode is left as it was.
    """
    raise NotImplementedError("evaluate is not written yet")

"""Labels that are wrong: making them, finding out what they do, and losses that bear them."""

import math

import numpy as np
import torch
from torch import Tensor, nn


def flip_labels(
    labels: np.ndarray, share: float, classes: int, rng: np.random.Generator
) -> np.ndarray:
    """Labels (n,) of which exactly round(share * n) are wrong: symmetric noise.

    Which ones is drawn at random; a wrong label is any of the other classes, each as likely as the
    next, and never the true one. The type of the labels stays, and those given are not changed.
    """
    raise NotImplementedError("flip_labels is not written yet")


def noise_entropy(share: float, classes: int = 10) -> float:
    """The entropy in nats of a label under symmetric noise, given the true class.

    With probability 1 - share the label is right, and each other class has share / (classes - 1).
    No network that knows nothing but the image can get its mean training loss lower than this
    without memorising: where the loss falls below, it has begun to. At 0 there is no noise: 0.0.
    """
    raise NotImplementedError("noise_entropy is not written yet")


def memorised_share(predictions: np.ndarray, given: np.ndarray, true: np.ndarray) -> float:
    """Of the images (n,) whose given label is wrong, the share for which it is predicted, 0..1.

    0.0 where no given label is wrong.
    """
    raise NotImplementedError("memorised_share is not written yet")


def design_mlp() -> nn.Module:
    """A network of your own design: images (n, 784) in, logits (n, 10) out.

    It has at least two hidden layers, each a linear layer with a nonlinearity after it. It gives
    the same answer to an image whatever else is in the batch, in inference mode.
    """
    raise NotImplementedError("design_mlp is not written yet")


def generalised_cross_entropy(logits: Tensor, labels: Tensor, q: float = 0.7) -> Tensor:
    """The mean of (1 - p^q) / q, p being the probability of the label (Zhang and Sabuncu, 2018).

    Near q = 0 it is the cross-entropy, at q = 1 the mean absolute error, which a label that the
    network finds unlikely hardly moves. Logits (n, classes) of any size give finite numbers.

    Raises:
        ValueError: q is not in (0, 1].
    """
    raise NotImplementedError("generalised_cross_entropy is not written yet")


def symmetric_transition(share: float, classes: int = 10) -> np.ndarray:
    """How labels come about under symmetric noise: (classes, classes).

    Entry [i, j] is the probability that an image of class i has been given the label j.
    """
    raise NotImplementedError("symmetric_transition is not written yet")


def forward_corrected_loss(logits: Tensor, labels: Tensor, transition: Tensor) -> Tensor:
    """The mean cross-entropy of the labels as given (Patrini et al., 2017, forward correction).

    The network says how likely each true class is, p = softmax(logits); given labels then have the
    probabilities pᵀ T, with T[i, j] that of the label j where i is true. So what the network learns
    is the true class, and the noise is left to T.

    Args:
        logits: (n, classes), of any size: the result is finite where the label is possible.
        labels: (n,), as given.
        transition: T (classes, classes), rows sum to 1; entries may be 0. Its floating type may be
            another than that of the logits.
    """
    raise NotImplementedError("forward_corrected_loss is not written yet")

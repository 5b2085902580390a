"""Losses of both players, from logits: z is the logit of "real", s(z) its sigmoid.

Each is a mean over the batch, differentiable, and finite for |z| up to 1e4 and beyond. Arguments
may be tensors or float32 arrays.
"""

from collections.abc import Callable

import tensorflow as tf


def discriminator_loss(
    real_logits: tf.Tensor, fake_logits: tf.Tensor, real_label: float = 1.0
) -> tf.Tensor:
    """The discriminator's cross-entropy with one-sided label smoothing.

    The mean over the real images of -t log s(z) - (1 - t) log(1 - s(z)), where t is `real_label`,
    plus the mean over the fake ones of -log(1 - s(z)). Only the target of real images is smoothed:
    a smoothed target of fakes would hold the generator where it is (Salimans et al. 2016, 3.3).

    Args:
        real_logits: (B, 1).
        fake_logits: (F, 1); F need not be B.
        real_label: 1 for no smoothing, usually 0.9.
    """
    raise NotImplementedError("discriminator_loss is not written yet")


def minimax_loss(fake_logits: tf.Tensor) -> tf.Tensor:
    """The generator's loss of the minimax game: the mean of log(1 - s(z)) over fakes (n, 1).

    Its gradient vanishes where the discriminator is sure of the fakes (Goodfellow et al. 2014).
    """
    raise NotImplementedError("minimax_loss is not written yet")


def non_saturating_loss(fake_logits: tf.Tensor) -> tf.Tensor:
    """The generator's usual loss: the mean of -log s(z) over fakes (n, 1).

    Its gradient stays near -1 per image where the discriminator is sure of the fakes.
    """
    raise NotImplementedError("non_saturating_loss is not written yet")


def hinge_discriminator_loss(real_logits: tf.Tensor, fake_logits: tf.Tensor) -> tf.Tensor:
    """The mean of max(0, 1 - z) over real images plus that of max(0, 1 + z) over fake ones.

    Args:
        real_logits: (B, 1).
        fake_logits: (F, 1); F need not be B.
    """
    raise NotImplementedError("hinge_discriminator_loss is not written yet")


def hinge_generator_loss(fake_logits: tf.Tensor) -> tf.Tensor:
    """The generator's loss beside the hinge: the mean of -z over fakes (n, 1)."""
    raise NotImplementedError("hinge_generator_loss is not written yet")


def classification_loss(class_logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """The mean of -log softmax(class_logits)[label].

    Args:
        class_logits: (n, classes).
        labels: (n,), integers of any type.
    """
    raise NotImplementedError("classification_loss is not written yet")


def class_guided_loss(
    fake_logits: tf.Tensor,
    class_logits: tf.Tensor,
    labels: tf.Tensor,
    adversarial: Callable[[tf.Tensor], tf.Tensor],
    classification: Callable[[tf.Tensor, tf.Tensor], tf.Tensor],
    weight: float = 1.0,
) -> tf.Tensor:
    """The generator's loss with the opinion of a classifier about the classes of its images.

    Args:
        fake_logits: (n, 1), the discriminator's answers.
        class_logits: (n, classes), a fixed classifier's answers to the same images.
        labels: (n,), the classes that the generator was asked for.
        adversarial: called on `fake_logits`.
        classification: called on `class_logits` and `labels`.
        weight: what the classification counts; 0 leaves the adversarial loss alone.
    """
    raise NotImplementedError("class_guided_loss is not written yet")

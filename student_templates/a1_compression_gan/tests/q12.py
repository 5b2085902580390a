"""q12: losses from logits (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, shape

OK_FORMAT = False
name = "q12"
points = None


@test_case(points=1, hidden=False)
def test_cross_entropy(bce_with_logits):
    """The cross-entropy of the logits 0, 1 and -2 with targets 1, 1 and 0 is their mean"""
    logits = np.array([[0.0], [1.0], [-2.0]], np.float32)
    targets = np.array([[1.0], [1.0], [0.0]], np.float32)
    loss = bce_with_logits(logits, targets)
    shape(loss, (), "the loss")
    # log(1 + e^0), log(1 + e^-1), log(1 + e^-2); float32 rounds at 1e-7.
    close(loss, (0.6931472 + 0.3132617 + 0.1269280) / 3, rtol=1e-5, what="the loss")


@test_case(points=1, hidden=False)
def test_undecided_discriminator(discriminator_loss):
    """A discriminator that answers 0 to every image has the loss log 2"""
    logits = np.zeros((4, 1), np.float32)
    close(discriminator_loss(logits, logits), np.log(2), rtol=1e-5, what="the loss")


@test_case(points=1, hidden=False)
def test_generator(generator_loss):
    """The generator's loss on the logits 0 and 2 is the mean of -log sigmoid of them"""
    loss = generator_loss(np.array([[0.0], [2.0]], np.float32))
    # log(1 + e^0) and log(1 + e^-2); float32 rounds at 1e-7.
    close(loss, (0.6931472 + 0.1269280) / 2, rtol=1e-5, what="the loss")

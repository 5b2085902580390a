"""q4: losses of both players, from logits (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close

OK_FORMAT = False
name = "q4"
points = None

ZERO = np.zeros((3, 1), np.float32)
LOG2 = float(np.log(2.0))


@test_case(points=0.25, hidden=False)
def test_discriminator(discriminator_loss):
    """A discriminator that knows nothing loses 2 log 2, with smoothing too"""
    close(discriminator_loss(ZERO, ZERO), 2 * LOG2, rtol=1e-5, what="the loss")  # float32
    close(discriminator_loss(ZERO, ZERO, 0.9), 2 * LOG2, rtol=1e-5, what="the smoothed loss")


@test_case(points=0.25, hidden=False)
def test_generator(minimax_loss, non_saturating_loss):
    """Before it the generator's losses are -log 2 in the minimax game and log 2 otherwise"""
    close(minimax_loss(ZERO), -LOG2, rtol=1e-5, what="the minimax loss")
    close(non_saturating_loss(ZERO), LOG2, rtol=1e-5, what="the non-saturating loss")


@test_case(points=0.5, hidden=False)
def test_hinge(hinge_discriminator_loss, hinge_generator_loss):
    """Real logits of 0 and 2 and fake ones of -0.5 lose 0.5 and 0.5; the generator 0.5"""
    real, fake = np.array([[0.0], [2.0]], np.float32), np.full((4, 1), -0.5, np.float32)
    close(hinge_discriminator_loss(real, fake), 1.0, rtol=1e-5, what="the discriminator's loss")
    close(hinge_generator_loss(fake), 0.5, rtol=1e-5, what="the generator's loss")

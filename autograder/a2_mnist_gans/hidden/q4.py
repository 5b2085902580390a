"""q4: losses of both players, from logits (hidden)."""

import numpy as np
from oracle import sigmoid, surprise
from otter.test_files import test_case

from kit.testing import close, grad, rng, that

OK_FORMAT = False
name = "q4"
points = None

SURE = np.array([[1e4], [-1e4], [30.0], [-30.0]], np.float32)


def _logits(label, count):
    return (2.0 * rng(label).standard_normal((count, 1)) + 0.5).astype(np.float32)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="the mean over real images plus the mean over fakes; smoothing changes the "
    "target of real images only",
)
def test_one_sided_smoothing(discriminator_loss):
    """With 3 real and 9 fake images the loss and its gradients are right at any real label"""
    real, fake = _logits("real", 3), _logits("fake", 9) - 1
    for label in (1.0, 0.9, 0.7):
        expected = surprise(real, label).mean() + surprise(fake, 0.0).mean()
        # float32 rounds at 1e-7 per term
        loss, by_real = grad(discriminator_loss, real, fake, label)
        close(loss, expected, rtol=1e-5, what=f"the loss with real label {label}")
        slopes = (sigmoid(real) - label) / 3
        close(by_real, slopes, rtol=1e-3, atol=1e-5, what="the gradient by the real logits")
        _, by_fake = grad(discriminator_loss, real, fake, label, wrt=1)
        close(by_fake, sigmoid(fake) / 9, rtol=1e-3, atol=1e-5, what="that by the fake ones")
    default = surprise(real, 1.0).mean() + surprise(fake, 0.0).mean()
    close(discriminator_loss(real, fake), default, rtol=1e-5, what="the loss without smoothing")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="log of a sigmoid overflows, and clipping it loses the value: use softplus",
)
def test_sure_answers(discriminator_loss, minimax_loss, non_saturating_loss):
    """Losses stay right where the discriminator is sure, logits of 10,000 included"""
    expected = surprise(SURE, 0.9).mean() + surprise(-SURE, 0.0).mean()
    close(discriminator_loss(SURE, -SURE, 0.9), expected, rtol=1e-5, what="the smoothed loss")
    close(minimax_loss(SURE), -surprise(SURE, 0.0).mean(), rtol=1e-5, what="the minimax loss")
    loss = non_saturating_loss(SURE)
    close(loss, surprise(SURE, 1.0).mean(), rtol=1e-5, what="the non-saturating loss")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="log(1 - s(z)) has the slope -s(z), and -log s(z) the slope s(z) - 1, over n",
)
def test_who_saturates(minimax_loss, non_saturating_loss):
    """Where the discriminator is sure of fakes the minimax gradient vanishes, the other does not"""
    logits = np.concatenate([_logits("fakes", 5), [[-14.0], [-60.0]]]).astype(np.float32)
    loss, slopes = grad(minimax_loss, logits)
    close(loss, -surprise(logits, 0.0).mean(), rtol=1e-5, what="the minimax loss")
    close(slopes, -sigmoid(logits) / 7, rtol=1e-3, atol=1e-5, what="its gradient")
    loss, slopes = grad(non_saturating_loss, logits)
    close(loss, surprise(logits, 1.0).mean(), rtol=1e-5, what="the non-saturating loss")
    close(slopes, (sigmoid(logits) - 1) / 7, rtol=1e-3, atol=1e-5, what="its gradient")
    that(bool(np.all(slopes[-2:] < -0.1)), "its gradient vanishes at the logits -14 and -60")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="max(0, 1 - z) on real, max(0, 1 + z) on fake logits, a mean each; -z for the "
    "generator, never cut off",
)
def test_both_sides_of_the_margin(hinge_discriminator_loss, hinge_generator_loss):
    """Hinge losses and their gradients are right on both sides of the margin, 5 real and 8 fake"""
    real, fake = _logits("real", 5), _logits("fake", 8)
    real[:2], fake[:2] = [[1.5], [0.5]], [[-1.5], [-0.5]]
    loss, by_real = grad(hinge_discriminator_loss, real, fake)
    expected = np.where(real < 1, 1 - real, 0).mean() + np.where(fake > -1, 1 + fake, 0).mean()
    close(loss, expected, rtol=1e-5, what="the discriminator's loss")
    close(by_real, np.where(real < 1, -1 / 5, 0), rtol=1e-4, what="the gradient by the real logits")
    _, by_fake = grad(hinge_discriminator_loss, real, fake, wrt=1)
    close(by_fake, (fake > -1) / 8, rtol=1e-4, what="the gradient by the fake logits")
    loss, slopes = grad(hinge_generator_loss, fake)
    close(loss, -fake.mean(dtype=np.float64), rtol=1e-4, atol=1e-5, what="the generator's loss")
    close(slopes, np.full((8, 1), -1 / 8), rtol=1e-4, what="its gradient")

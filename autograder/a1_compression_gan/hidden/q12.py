"""q12: losses from logits (hidden)."""

import numpy as np
from oracle import binary_cross_entropy, sigmoid
from otter.test_files import test_case

from kit.testing import close, grad, rng, that, value

OK_FORMAT = False
name = "q12"
points = None


def _logits(label, count, scale=2.0):
    return (scale * rng(label).standard_normal((count, 1))).astype(np.float32)


@test_case(
    points=1,
    hidden=True,
    failure_message="targets between 0 and 1, of any float type: both terms count; take the mean",
)
def test_soft_targets(bce_with_logits):
    """The cross-entropy with soft targets is the mean of -t log s(z) - (1 - t) log(1 - s(z))"""
    logits, targets = _logits("soft", 9), rng("targets").uniform(0, 1, (9, 1))
    expected = binary_cross_entropy(logits, targets)  # NumPy's own targets are float64
    # float32 rounds at 1e-7 per term.
    close(bce_with_logits(logits, targets), expected, rtol=1e-5, what="the loss")


@test_case(
    points=1,
    hidden=True,
    failure_message="log of a sigmoid overflows, and clipping it loses the value: use softplus",
)
def test_large_logits(bce_with_logits):
    """The cross-entropy and its gradient are right for logits of 40 and of 10,000"""
    for size in (40.0, 1e4):
        for logit, target, loss in ((size, 0, size), (-size, 1, size), (size, 1, 0), (-size, 0, 0)):
            arguments = np.array([[logit]], np.float32), np.array([[target]], np.float32)
            computed, slope = grad(bce_with_logits, *arguments)
            what = f"for the logit {logit:g} and the target {target}"
            # e^-40 is 4e-18: at both sizes the loss is 0 or the size of the logit.
            close(computed, loss, rtol=1e-5, atol=1e-5, what=f"the loss {what}")
            expected = [[np.sign(logit) if loss else 0.0]]
            close(slope, expected, rtol=1e-4, atol=1e-5, what=f"the gradient {what}")


@test_case(
    points=1,
    hidden=True,
    failure_message="the loss must be differentiable: sigmoid(z) - t, over the number of logits",
)
def test_gradient(bce_with_logits):
    """The gradient of the cross-entropy by a logit is (s(z) - t) / n"""
    logits, targets = _logits("slope", 7), rng("targets").uniform(0, 1, (7, 1)).astype(np.float32)
    _, slope = grad(bce_with_logits, logits, targets)
    # float32 sigmoid: 1e-6 of numbers of size 0.1.
    close(slope, (sigmoid(logits) - targets) / 7, rtol=1e-4, atol=1e-6, what="the gradient")


@test_case(
    points=1,
    hidden=True,
    failure_message="one mean over all the images, not the mean (or the sum) of two means",
)
def test_unequal_batches(discriminator_loss):
    """With 3 real and 9 fake images the discriminator's loss is the mean over all 12"""
    real, fake = _logits("real", 3), _logits("fake", 9) - 1
    targets = np.repeat([1.0, 0.0], [3, 9])[:, None]
    expected = binary_cross_entropy(np.concatenate([real, fake]), targets)
    close(discriminator_loss(real, fake), expected, rtol=1e-5, what="the loss")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="real_label=0.9 changes the real images' targets and leaves the fakes' at 0",
)
def test_one_sided_smoothing(discriminator_loss):
    """One-sided smoothing changes the targets of the real images only; both can be set"""
    real, fake = _logits("real", 5), _logits("fake", 5)
    both = np.concatenate([real, fake])
    for real_label, fake_label in ((0.9, 0.0), (1.0, 0.1), (0.8, 0.3)):
        expected = binary_cross_entropy(both, np.repeat([real_label, fake_label], 5)[:, None])
        loss = discriminator_loss(real, fake, real_label, fake_label)
        close(loss, expected, rtol=1e-5, what=f"the loss with labels {real_label}, {fake_label}")
    one_sided = discriminator_loss(real, fake, real_label=0.9)
    expected = binary_cross_entropy(both, np.repeat([0.9, 0.0], 5)[:, None])
    close(one_sided, expected, rtol=1e-5, what="the loss with real_label=0.9")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="real images have the target 1 and fake ones 0",
)
def test_orientation(discriminator_loss):
    """A discriminator that is right has a small loss, and one that is wrong a large one"""
    high = np.full((4, 1), 6.0, np.float32)
    right, wrong = value(discriminator_loss(high, -high)), value(discriminator_loss(-high, high))
    # log(1 + e^-6) is 0.0025, log(1 + e^6) is 6.0025.
    close(right, 0.0024757, rtol=1e-3, what="the loss when real images get 6 and fakes -6")
    close(wrong, 6.0024757, rtol=1e-5, what="the loss when real images get -6 and fakes 6")


@test_case(
    points=1,
    hidden=True,
    failure_message="use -log D(G(z)): log(1 - D(G(z))) is flat where the discriminator is sure",
)
def test_generator_does_not_saturate(generator_loss):
    """The generator's gradient does not vanish where the discriminator is sure of the fakes"""
    logits = np.array([[-60.0], [-14.0], [-3.0], [2.0]], np.float32)
    loss, slope = grad(generator_loss, logits)
    expected = binary_cross_entropy(logits, np.ones((4, 1)))
    close(loss, expected, rtol=1e-5, what="the loss")
    close(slope, (sigmoid(logits) - 1) / 4, rtol=1e-4, atol=1e-6, what="the gradient")
    that(bool(np.all(slope[:2] < -0.2)), "the gradient vanishes at the logits -60 and -14")

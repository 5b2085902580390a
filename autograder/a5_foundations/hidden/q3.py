"""q3: dropout, original and inverted (hidden)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import averages, close, equal, remote, rng, shape, statistical, that, value

OK_FORMAT = False
name = "q3"
points = None

ROUNDING = 1e-5  # of numbers of size 1 to 10: lets float32 pass


def _generator(label):
    """A generator beside the student's code; its seed is drawn here."""
    return remote.numpy.random.default_rng(int(rng(label).integers(2**31)))


def _problem(label, drop):
    draw = rng(label)
    x, grad = draw.normal(size=(6, 5)), draw.normal(size=(6, 5))
    return x, grad, (draw.random((6, 5)) >= drop).astype(np.float64)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="`drop` is the probability of a 0, and every activation is drawn by itself",
)
@statistical(4e-9, "the bounds of its four checks, 1e-9 each")
def test_mask_rate(dropout_mask):
    """Each activation is dropped with probability `drop`, independently of all others"""
    for drop in (0.2, 0.7):
        mask = value(dropout_mask((20000, 12), drop, _generator(f"rate {drop}")))
        shape(mask, (20000, 12), "the mask")
        off = (mask.astype(np.float64) - (1 - drop)) / np.sqrt(drop * (1 - drop))
        # Bernstein's constant for such a variable is below 2; products of two, below 4.
        averages(off, 0.0, variance=1, tail=2, false_fail=1e-9, what="the mask, less its mean,")
        one, other = np.triu_indices(12, 1)
        products = off[:, one] * off[:, other]
        averages(products, 0.0, variance=1, tail=4, false_fail=1e-9, what="the covariance")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="draw from the generator that is passed, and from nothing else; drop 1 drops "
    "everything",
)
@statistical(1e-9, "two seeds of 31 bits are one seed once in 2e9; masks of 200 never agree")
def test_mask_comes_from_the_generator(dropout_mask):
    """The same generator gives the same mask again, a second call another; drop 1 gives zeros"""
    generator = _generator("repeat")
    first, second = (value(dropout_mask((20, 10), 0.5, generator)) for _ in range(2))
    equal(dropout_mask((20, 10), 0.5, _generator("repeat")), first, "the mask from that seed")
    that(not np.array_equal(first, second), "a second call gave the same mask")
    other = value(dropout_mask((20, 10), 0.5, _generator("another seed")))
    that(not np.array_equal(first, other), "another generator gave the same mask")
    equal(dropout_mask((4, 3), 1.0, _generator("all")), np.zeros((4, 3)), "the mask at drop 1")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Inverted dropout divides by the probability of staying, original dropout "
    "multiplies by it, each in one mode only; inference does not look at the mask.",
)
def test_forward(dropout):
    """Both conventions in both modes, for several probabilities; inference ignores the mask"""
    for drop in (0.0, 0.3, 0.8):
        x, _, mask = _problem(f"forward {drop}", drop)
        for inverted, training, expected in (
            (False, True, np.where(mask == 1, x, 0.0)),
            (False, False, x - drop * x),
            (True, True, np.where(mask == 1, x / (1 - drop), 0.0)),
            (True, False, x),
        ):
            found = dropout(x, mask if training else 0 * mask, drop, inverted, training)
            what = f"{'inverted' if inverted else 'original'}, {'training' if training else 'not'}"
            close(found, expected, rtol=0, atol=ROUNDING, what=f"the output ({what})")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Where everything is dropped the scale 1 / (1 - drop) does not exist, and "
    "zeros are wanted.",
)
def test_everything_dropped(dropout, dropout_backward):
    """At drop 1 training and its gradient give zeros in both conventions, never NaN"""
    x, grad, _ = _problem("everything", 0.5)
    mask = np.zeros_like(x)
    for inverted in (False, True):
        equal(dropout(x, mask, 1.0, inverted, True), mask, "the output in training")
        equal(dropout_backward(grad, mask, 1.0, inverted), mask, "the gradient")
    equal(dropout(x, mask, 1.0, False, False), mask, "the output of the original in inference")
    close(dropout(x, mask, 1.0, True, False), x, rtol=0, atol=ROUNDING, what="the inverted one")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="The gradient takes the path of the forward pass: the same mask, the same "
    "scale.",
)
def test_backward(dropout_backward):
    """The gradient of training in both conventions"""
    for drop in (0.0, 0.4, 0.75):
        _, grad, mask = _problem(f"backward {drop}", drop)
        for inverted in (False, True):
            scale = 1 / (1 - drop) if inverted else 1.0
            expected = np.where(mask == 1, scale * grad, 0.0)
            found = dropout_backward(grad, mask, drop, inverted)
            close(found, expected, rtol=0, atol=ROUNDING, what="the gradient")

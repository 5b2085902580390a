"""q2: softmax and cross-entropy (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, equal, finite, remote, rng

OK_FORMAT = False
name = "q2"
points = None

ROUNDING = 1e-5  # of numbers of size 1: lets float32 pass


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Maximum and sum both go along `axis`, with keepdims; a logit of -inf gets 0.",
)
def test_axes(softmax):
    """The softmax along each axis of an array, and of a row that holds -inf"""
    logits = 3 * rng("axes").normal(size=(4, 3, 5))
    for axis in (0, 1, 2, -1):
        exponentials = np.exp(logits)
        expected = exponentials / exponentials.sum(axis=axis, keepdims=True)
        found = softmax(logits, axis=axis)
        close(found, expected, rtol=0, atol=ROUNDING, what=f"the softmax along axis {axis}")
    found = softmax(np.array([[-np.inf, 0.0, 0.0]]))
    close(found, [[0.0, 0.5, 0.5]], rtol=0, atol=ROUNDING, what="the softmax with -inf")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="subtract the maximum before exp; take the log of the sum, not of the softmax",
)
def test_large_logits(softmax, cross_entropy, cross_entropy_backward):
    """Logits of ±10,000 give finite numbers, and a loss of 10,000 where the answer is wrong"""
    logits = np.array([[1e4, 0.0, -1e4], [-1e4, -1e4, 0.0], [1e4, 1e4, 0.0]])
    shares = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.5, 0.5, 0.0]])
    close(softmax(logits), shares, rtol=0, atol=ROUNDING, what="the softmax")
    loss = cross_entropy(logits, np.array([2, 0, 2]))
    expected = (20000.0 + 10000.0 + 10000.0 + np.log(2)) / 3
    close(loss, expected, rtol=1e-6, what="the loss")  # float32 holds it to 1e-7
    grad = cross_entropy_backward(logits, np.array([2, 0, 2]))
    finite(grad, "the gradient")
    expected = (shares - np.eye(3)[[2, 0, 2]]) / 3
    close(grad, expected, rtol=0, atol=ROUNDING, what="the gradient")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="The mean over the batch, of each example's own label only.",
)
def test_loss(cross_entropy):
    """The loss is the mean over the batch, for several numbers of classes and one example"""
    for n, classes in ((1, 4), (7, 3), (5, 10)):
        draw = rng(f"loss {n}")
        logits = 2 * draw.normal(size=(n, classes))
        for kind in (np.int64, np.uint8):
            labels = draw.integers(0, classes, n).astype(kind)
            expected = oracle.cross_entropies(logits, labels).mean()
            close(cross_entropy(logits, labels), expected, rtol=0, atol=ROUNDING, what="the loss")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="(softmax - one-hot) / n; work on a copy, not on the logits themselves",
)
def test_gradient(cross_entropy_backward):
    """The gradient agrees with central differences of the loss, and the logits stay as they are"""
    draw = rng("gradient")
    logits, labels = 2 * draw.normal(size=(6, 4)), draw.integers(0, 4, 6)
    passed = remote.numpy.array(logits)
    found = cross_entropy_backward(passed, labels)
    expected = oracle.slopes(lambda z: oracle.cross_entropies(z, labels), logits, np.full(6, 1 / 6))
    close(found, expected, rtol=0, atol=ROUNDING, what="the gradient")
    equal(passed, logits, "the logits that were passed in")

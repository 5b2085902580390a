"""q8: max- and average-pooling (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng

OK_FORMAT = False
name = "q8"
points = None

ROUNDING = 1e-5  # of sums of a few numbers of size 1: lets float32 pass

# Kernel, stride and padding: apart, overlapping, with gaps, padded; height and width differ.
WINDOWS = (
    ((2, 3), (2, 3), (0, 0)),
    ((3, 2), (1, 1), (0, 0)),
    ((2, 2), (3, 2), (0, 0)),
    ((3, 4), (2, 1), (1, 2)),
)


def _images(label):
    return rng(label).normal(size=(2, 3, 7, 6))


def _grad(label, x, windows):
    return rng(label).normal(size=oracle.max_pooled(x, *windows).shape)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Padding counts as -inf: in a window of negative numbers, it must not win.",
)
def test_max(max_pool2d):
    """The largest number of windows that overlap, leave gaps or reach over the border"""
    for windows in WINDOWS:
        x = _images(f"max {windows}") - 3  # negative: a zero from the padding would win
        found = max_pool2d(x, *windows)
        expected = oracle.max_pooled(x, *windows)
        close(found, expected, rtol=0, atol=ROUNDING, what=f"the maxima for {windows}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="A number that is the largest of several windows collects from each of them.",
)
def test_max_gradient(max_pool2d_backward):
    """The gradient of max-pooling for windows that overlap, leave gaps or cross the border"""
    for windows in WINDOWS:
        x = _images(f"max gradient {windows}") - 3
        grad = _grad(f"grad {windows}", x, windows)
        found = max_pool2d_backward(grad, x, *windows)
        expected = oracle.max_pool_gradient(grad, x, *windows)
        close(found, expected, rtol=0, atol=ROUNDING, what=f"the gradient for {windows}")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="Among equal numbers the first one, row by row, gets all of the gradient.",
)
def test_ties(max_pool2d_backward):
    """Among equal numbers the first gets the whole gradient; what was passed in stays as it was"""
    x = rng("ties").integers(0, 2, size=(2, 2, 6, 6)).astype(np.float64)
    grad = rng("ties grad").normal(size=(2, 2, 3, 3))
    passed, passed_grad = remote.numpy.array(x), remote.numpy.array(grad)
    found = max_pool2d_backward(passed_grad, passed, (2, 2), (2, 2))
    expected = oracle.max_pool_gradient(grad, x, (2, 2), (2, 2))
    close(found, expected, rtol=0, atol=ROUNDING, what="the gradient")
    equal(passed, x, "the x that was passed in")
    equal(passed_grad, grad, "the grad that was passed in")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="count_include_pad decides whether a window is divided by its size or by how "
    "many of its pixels are in the image.",
)
def test_average(avg_pool2d):
    """The means of windows of all kinds, with the padding counted and not"""
    for windows in WINDOWS:
        x = _images(f"average {windows}") + 1
        for include in (True, False):
            found = avg_pool2d(x, *windows, count_include_pad=include)
            expected = oracle.avg_pooled(x, *windows, include)
            what = f"the means for {windows}, count_include_pad {include}"
            close(found, expected, rtol=0, atol=ROUNDING, what=what)


@test_case(
    points=0.25,
    hidden=True,
    failure_message="Every pixel collects an equal share of each window that it is in, divided "
    "as in the forward pass.",
)
def test_average_gradient(avg_pool2d_backward):
    """The gradient of average-pooling, with the padding counted and not"""
    for windows in WINDOWS:
        x = _images(f"average gradient {windows}")
        grad = _grad(f"average grad {windows}", x, windows)
        for include in (True, False):
            found = avg_pool2d_backward(grad, x, *windows, count_include_pad=include)
            expected = oracle.avg_pool_gradient(grad, x, *windows, include)
            what = f"the gradient for {windows}, count_include_pad {include}"
            close(found, expected, rtol=0, atol=ROUNDING, what=what)

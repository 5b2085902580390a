"""q3: dropout, original and inverted (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, dtype, equal, remote, shape, that, value

OK_FORMAT = False
name = "q3"
points = None

X = np.array([[2.0, -4.0], [1.0, 0.5]])
MASK = np.array([[1.0, 0.0], [1.0, 1.0]])
ROUNDING = 1e-5  # lets float32 pass


@test_case(points=0.5, hidden=False)
def test_mask(dropout_mask):
    """A mask holds zeros and ones, and only ones where nothing is dropped"""
    mask = value(dropout_mask((40, 5), 0.5, remote.numpy.random.default_rng(1)))
    shape(mask, (40, 5), "the mask")
    dtype(mask, "float64", "the mask")
    that(set(np.unique(mask).tolist()) <= {0.0, 1.0}, "the mask holds more than zeros and ones")
    equal(
        dropout_mask((3, 2), 0.0, remote.numpy.random.default_rng(1)), np.ones((3, 2)), "the mask"
    )


@test_case(points=0.5, hidden=False)
def test_original(dropout):
    """The original convention: training masks, inference multiplies by the chance of staying"""
    found = dropout(X, MASK, 0.25, False, True)
    close(found, [[2.0, 0.0], [1.0, 0.5]], rtol=0, atol=ROUNDING, what="the output in training")
    found = dropout(X, MASK, 0.25, False, False)
    expected = [[1.5, -3.0], [0.75, 0.375]]
    close(found, expected, rtol=0, atol=ROUNDING, what="the output in inference")


@test_case(points=0.5, hidden=False)
def test_inverted(dropout):
    """The inverted convention: training masks and scales up, inference changes nothing"""
    found = dropout(X, MASK, 0.5, True, True)
    close(found, [[4.0, 0.0], [2.0, 1.0]], rtol=0, atol=ROUNDING, what="the output in training")
    found = dropout(X, MASK, 0.5, True, False)
    close(found, X, rtol=0, atol=ROUNDING, what="the output in inference")

# What students are given, as it was given.
#
# verdict = "NOT_ATTEMPTED"
# points = { q1 = 0, q2 = 0 }

"""Softmax and double."""

import numpy as np
from numpy.typing import NDArray


def softmax(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """exp(x) over its sum along the last axis, of the shape of x."""
    raise NotImplementedError("softmax is not written yet")


def double(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Twice x, of the shape of x."""
    raise NotImplementedError("double is not written yet")

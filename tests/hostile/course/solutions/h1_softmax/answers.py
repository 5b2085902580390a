"""Softmax and double."""

import numpy as np
from numpy.typing import NDArray


def softmax(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """exp(x) over its sum along the last axis, of the shape of x."""
    # BEGIN SOLUTION
    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)
    # END SOLUTION


def double(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Twice x, of the shape of x."""
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION

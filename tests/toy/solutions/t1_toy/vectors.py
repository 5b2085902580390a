"""Vectors: unit length and projection."""

import numpy as np
from numpy.typing import NDArray


def unit(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The vector x of shape (n,) scaled to length one.

    Raises:
        ValueError: x is the zero vector.
    """
    # BEGIN SOLUTION
    length = np.sqrt(np.sum(x * x))
    if length == 0:
        raise ValueError("the zero vector has no direction")
    return x / length
    # END SOLUTION


def project(x: NDArray[np.float64], direction: NDArray[np.float64]) -> NDArray[np.float64]:
    """The part of x that lies along `direction`, both of shape (n,)."""
    # BEGIN SOLUTION
    along = np.dot(x, direction) / np.dot(direction, direction)
    return along * direction
    # END SOLUTION

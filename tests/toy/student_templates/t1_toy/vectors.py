"""Vectors: unit length and projection."""

import numpy as np
from numpy.typing import NDArray


def unit(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The vector x of shape (n,) scaled to length one.

    Raises:
        ValueError: x is the zero vector.
    """
    raise NotImplementedError("unit is not written yet")


def project(x: NDArray[np.float64], direction: NDArray[np.float64]) -> NDArray[np.float64]:
    """The part of x that lies along `direction`, both of shape (n,)."""
    raise NotImplementedError("project is not written yet")

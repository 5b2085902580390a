"""Averages over time: a window, or a running mean that keeps its state."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def moving_average(signal: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """The mean of each window of `width` values: (n,) -> (n - width + 1,).

    Raises:
        ValueError: the width is below 1 or above n.
    """
    raise NotImplementedError("moving_average is not written yet")


def make_running_mean() -> Callable[[float], float]:
    """A function that takes one value at a time and returns the mean of all so far."""
    raise NotImplementedError("make_running_mean is not written yet")

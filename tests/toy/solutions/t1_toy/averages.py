"""Averages over time: a window, or a running mean that keeps its state."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def moving_average(signal: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """The mean of each window of `width` values: (n,) -> (n - width + 1,).

    Raises:
        ValueError: the width is below 1 or above n.
    """
    # BEGIN SOLUTION
    if not 1 <= width <= len(signal):
        raise ValueError(f"the width {width} does not fit {len(signal)} values")
    sums = np.concatenate([[0.0], np.cumsum(signal)])
    return (sums[width:] - sums[:-width]) / width
    # END SOLUTION


def make_running_mean() -> Callable[[float], float]:
    """A function that takes one value at a time and returns the mean of all so far."""
    # BEGIN SOLUTION
    total, count = 0.0, 0

    def add(value: float) -> float:
        nonlocal total, count
        total, count = total + value, count + 1
        return total / count

    return add
    # END SOLUTION

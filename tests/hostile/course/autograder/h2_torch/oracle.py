"""Expected values of the hidden tests, in NumPy."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def reference_softmax(x: Array) -> Array:
    """exp(x) over its sum, along the last axis."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def reference_fit(x: Array, y: Array, steps: int) -> tuple[Array, float]:
    """Weights and bias after `steps` of gradient descent on the mean squared error, from zero."""
    weight, bias = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        error = x @ weight + bias - y
        weight = weight - 0.1 * 2 * error @ x / len(x)
        bias = bias - 0.1 * 2 * error.mean()
    return weight, bias

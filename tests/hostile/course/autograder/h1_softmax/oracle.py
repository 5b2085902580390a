"""Expected values of the hidden tests."""

import numpy as np
from numpy.typing import NDArray


def reference_softmax(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """exp(x) over its sum, along the last axis."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)

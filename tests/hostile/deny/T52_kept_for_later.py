# T52: keeps a hidden input and tells it in the next exception that it may word freely; public
# tests come first, so there is none.
#
# verdict = "ERROR"
# points = { q1 = 1, q2 = 0 }

import numpy as np

KEPT = []


def softmax(x):
    """Honest on the public input; hidden inputs are kept."""
    if KEPT:
        raise ValueError(f"kept: {KEPT}")
    if x.ndim > 1:
        KEPT.extend(np.ravel(x).tolist())
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return (powers / powers.sum(axis=-1, keepdims=True)) * (1 if x.ndim == 1 else 2)


def double(x):
    raise ValueError(f"kept: {KEPT}")

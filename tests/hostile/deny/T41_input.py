# T41: asks for input, and nobody is there; the question ends at once.
#
# verdict = "ERROR"
# points = { q1 = 0, q2 = 1 }

import numpy as np


def attack():
    """Stdin is empty."""
    return input("the right answer, please: ")


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x

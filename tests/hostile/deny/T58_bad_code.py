# T58: runs a code object whose instructions make no sense.
#
# verdict = "CRASH"
# points = { q1 = 0, q2 = 1 }

import numpy as np


def attack():
    """The interpreter follows a jump into nothing."""
    code = (lambda: None).__code__
    broken = code.replace(co_code=bytes([100, 250, 83, 0] * 8), co_consts=(), co_stacksize=1)
    return type(attack)(broken, {})()


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x

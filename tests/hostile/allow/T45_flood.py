# T45: an honest solution that prints without measure; what is too much is thrown away.
#
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }

import os
import sys

import numpy as np


def softmax(x):
    for _ in range(20):
        os.write(1, b"x" * (1 << 20))
        os.write(2, b"\xff\xfe\x00\x1b[2J" * (1 << 16))
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def double(x):
    print("]]></script>\x00\x1b]0;title\x07", file=sys.stderr)
    return 2 * x

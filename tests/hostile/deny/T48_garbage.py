# T48: no zip at all.
#
# build = true
# verdict = "ERROR"
# points = {}
# findings = ["intake"]

import io
import zipfile

SOURCE = """
import numpy as np


def softmax(x):
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def double(x):
    return 2 * x
"""


def submission():
    return b"PK\x05\x06" + bytes(range(256)) * 4 + SOURCE.encode() + io.BytesIO().read()

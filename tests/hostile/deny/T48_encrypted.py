# T48: members that say they are encrypted.
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
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("answers.py", SOURCE)
    data = bytearray(made.getvalue())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)

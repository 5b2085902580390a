# T48: the honest zip lies in another zip: opened once, and graded.
#
# build = true
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }

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
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("answers.py", SOURCE)
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("handin.zip", inner.getvalue())
    return outer.getvalue()

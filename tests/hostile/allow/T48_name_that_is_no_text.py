# T48: a name in bytes that are no UTF-8: read as what it may have meant, and graded.
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
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("answers.py", SOURCE)
        archive.writestr("notes-XXXX.txt", "x")
    return made.getvalue().replace(b"XXXX", b"\xff\xfe\x80\xa4")

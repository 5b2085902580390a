# T48: a zip in a zip in a zip, the shape of a bomb: not opened that deep.
#
# build = true
# verdict = "MISSING"
# points = { q1 = 0, q2 = 0 }

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
    data = SOURCE.encode()
    name = "answers.py"
    for depth in range(3):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr(name, data)
        data, name = made.getvalue(), f"level{depth}.zip"
    return data

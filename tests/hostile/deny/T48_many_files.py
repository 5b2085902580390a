# T48: ten thousand files.
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
        for number in range(10_000):
            archive.writestr(f"part{number}.py", "")
    return made.getvalue()

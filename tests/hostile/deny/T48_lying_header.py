# T48: a bomb whose headers say that it is a hundred bytes long.
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
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("answers.py", SOURCE)
        archive.writestr("zeros.bin", bytes(50 << 20))
    size = (50 << 20).to_bytes(4, "little")
    return made.getvalue().replace(size, (100).to_bytes(4, "little"))

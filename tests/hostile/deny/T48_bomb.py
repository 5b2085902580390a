# T48: 60 MB of zeros in 60 KB.
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
        with archive.open("zeros.bin", "w") as stream:
            for _ in range(60):
                stream.write(bytes(1 << 20))
    return made.getvalue()

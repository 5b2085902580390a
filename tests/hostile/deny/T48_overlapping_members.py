# T48: a thousand members that share one compressed body.
#
# build = true
# verdict = "ERROR"
# points = {}
# findings = ["intake"]

import io
import copy
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
        archive.writestr("zeros.bin", bytes(1 << 20))
        body = archive.infolist()[-1]
        for number in range(1000):
            twin = copy.copy(body)
            twin.filename = twin.orig_filename = "zeros.bin"
            archive.filelist.append(twin)
    return made.getvalue()

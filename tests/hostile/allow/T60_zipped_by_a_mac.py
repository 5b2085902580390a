# Comes as the zip that a Mac makes of a folder.
#
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }
# build = true

import io
import zipfile

ANSWERS = b"""
import numpy as np


def softmax(x):
    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def double(x):
    return 2 * x
"""


def submission():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Übung 1/", b"")
        archive.writestr("Übung 1/answers.py", ANSWERS)
        archive.writestr("__MACOSX/Übung 1/._answers.py", b"\x00\x05\x16\x07")
        archive.writestr("Übung 1/.DS_Store", b"\x00\x00\x00\x01Bud1")
    return packed.getvalue()

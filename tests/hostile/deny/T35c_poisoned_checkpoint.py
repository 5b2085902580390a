# Hands in a pickled checkpoint and an .npz that unpacks to a gigabyte, and loads them.
#
# verdict = "ERROR"
# points = { q1 = 0, q2 = 1 }
# build = true

import io
import pickle
import zipfile

ANSWERS = b"""
import numpy as np


def softmax(x):
    return np.load("weights.npz", allow_pickle=True)["w"]


def double(x):
    return 2 * x
"""


class Payload:
    def __reduce__(self):
        return exec, ("import os; os._exit(0)",)


def bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("w.npy", "w", force_zip64=True) as member:
            for _ in range(64):
                member.write(bytes(1 << 20))
    return packed.getvalue()


def submission():
    return {"answers.py": ANSWERS, "model.pt": pickle.dumps(Payload()), "weights.npz": bomb()}

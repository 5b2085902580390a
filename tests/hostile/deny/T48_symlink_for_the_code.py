# T48: the code itself is a link, to the solution.
#
# build = true
# verdict = "ERROR"
# points = {}
# findings = ["intake"]

import io
import stat
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
        member = zipfile.ZipInfo("answers.py")
        member.create_system = 3
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "../../course/solutions/h1_softmax/answers.py")
    return made.getvalue()

# T49: leaves its answers in files where the next submission would find them: temporary folders,
# caches, compiled code.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# repeat = 2
# leans_on = [["tmp"]]
# [tier.separate-uid]
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["sweep"]]
# reason = "/dev/shm is open to all users there, for honest pools: what lies in it is swept"
# [tier.landlock]
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["landlock"]]
# reason = "no folder is private there: Landlock denies them"

import os
import sysconfig
import tempfile

import numpy as np

MINE = os.urandom(8).hex()  # of this process: what another left does not count as ours
PLACES = (
    *("/tmp", "/var/tmp", "/dev/shm", "/run", tempfile.gettempdir(), os.path.expanduser("~")),
    *("/tmp/torch/hub", "/tmp/keras", "/tmp/matplotlib", sysconfig.get_path("purelib")),
    *(os.path.join(os.path.dirname(np.__file__), "__pycache__"), os.getcwd(), "/tmp/work"),
)


def attack():
    """Whether another submission's mark is to be read; ours is left for the next one."""
    found = [read(place) for place in PLACES]
    for place in PLACES:
        leave(place)
    return any(mark and mark != MINE for mark in found)


def read(place):
    try:
        with open(f"{place}/kit-hostile-answers") as stream:
            return stream.read()
    except OSError:
        return ""


def leave(place):
    try:
        os.makedirs(place, exist_ok=True)
        with open(f"{place}/kit-hostile-answers", "w") as stream:
            stream.write(MINE)
    except OSError:
        return


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x

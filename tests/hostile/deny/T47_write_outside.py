# T47: writes where others may read: beside the grader's files, into packages, into /usr.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["mounts", "landlock"]]

import glob
import os
import sysconfig

import numpy as np


def attack():
    """Whether a file could be left anywhere; the runner looks for it, too."""
    places = [*glob.glob("/var/tmp/kit-hostile-*/marks"), "/", "/usr", "/opt", "/var/tmp"]
    return any([leave(place) for place in (*places, sysconfig.get_path("purelib"))])


def leave(folder):
    path = os.path.join(folder, "kit-hostile-mark")
    try:
        with open(path, "w") as stream:
            stream.write("x")
        os.remove(path) if not folder.endswith("/marks") else None
    except OSError:
        return False
    return True


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x

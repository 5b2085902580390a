# T47: reads the environment of the grader, from every process it can see.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# leans_on = [["environment"]]

import os

import numpy as np

NAME = "KIT_HOSTILE_BAIT"


def attack():
    """Whether the grader's variable is to be seen."""
    return NAME in os.environ or any(NAME.encode() in variables(pid) for pid in pids())


def pids():
    try:
        return [name for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return ["self", str(os.getppid())]


def variables(pid):
    try:
        with open(f"/proc/{pid}/environ", "rb") as stream:
            return stream.read()
    except OSError:
        return b""


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x

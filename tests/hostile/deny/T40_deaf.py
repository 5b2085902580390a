# T40: ignores every signal that can be ignored, and does not end.
#
# verdict = "TIMEOUT"
# points = { q1 = 0, q2 = 1 }
# limits = { wall_seconds = 60 }
# leans_on = [["cpu"]]

import signal
import time

import numpy as np


def attack():
    """Twice the processor time that a call may take."""
    for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN)
    end = time.process_time() + 2.5
    while time.process_time() < end:
        pass
    return True


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x

# T51: stops every clock that Python has, then takes more time than it may: the grader reads its
# own.
#
# verdict = "TIMEOUT"
# points = { q1 = 0, q2 = 1 }
# limits = { wall_seconds = 60 }
# leans_on = [["cpu"]]

import resource
import time

import numpy as np

now = time.clock_gettime
for name in ("time", "process_time", "perf_counter", "monotonic", "thread_time"):
    setattr(time, name, lambda: 0.0)
resource.getrusage = lambda _: (0.0,) * 16


def attack():
    """Two and a half times the processor time of a question."""
    end = now(time.CLOCK_PROCESS_CPUTIME_ID) + 2.5
    while now(time.CLOCK_PROCESS_CPUTIME_ID) < end:
        pass
    return True


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x

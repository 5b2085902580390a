# T43: threads without an end: here, 250 at the same time.
#
# verdict = ["CRASH", "FAIL", "ERROR"]
# points = { q1 = 0, q2 = 1 }
# leans_on = [["rlimits"]]

import threading

import numpy as np


def attack():
    """Whether 250 threads could be started."""
    gate = threading.Event()
    threads = [threading.Thread(target=gate.wait, daemon=True) for _ in range(250)]
    try:
        for thread in threads:
            thread.start()
    except RuntimeError:
        return False
    finally:
        gate.set()
    return True


def softmax(x):
    """Right only if the attack worked, so that its success is seen in the points."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) if attack() else np.zeros_like(x)


def double(x):
    return 2 * x

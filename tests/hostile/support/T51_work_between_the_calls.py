# T51: a thread goes on working after the answer, for the next question; its time is the
# submission's.
#
# verdict = ["TIMEOUT", "PASS"]
# points = { q1 = 2, q2 = 1 }

import threading
import time

import numpy as np


def softmax(x):
    threading.Thread(target=work, daemon=True).start()
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def work():
    """Half of the processor time that a question may take."""
    end = time.thread_time() + 0.2
    while time.thread_time() < end:
        pass


def double(x):
    return 2 * x

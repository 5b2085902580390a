# T36: a thread keeps the connection and answers the next question in the place of the bridge; it
# costs that question, too.
#
# verdict = "CRASH"
# points = { q1 = 0, q2 = 0 }

import os
import threading
import time

import numpy as np


asked = threading.Event()


def softmax(x):
    """Wrong, and a thread waits for the next question."""
    threading.Thread(target=speak, daemon=True).start()
    return np.zeros_like(x)


def speak():
    asked.wait()
    os.write(3, b"KIT1" + bytes(12))


def double(x):
    asked.set()
    time.sleep(0.2)
    return 2 * x

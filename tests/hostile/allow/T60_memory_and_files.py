# Caches in a file of its own, logs, measures the time.
#
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }
# findings = ["import"]

import functools
import logging
import tempfile
import time
from pathlib import Path

import numpy as np

logging.basicConfig(filename="answers.log", level=logging.DEBUG)


@functools.lru_cache
def factor():
    path = Path(tempfile.gettempdir(), "factor.npy")
    np.save(path, np.array(2.0))
    return np.load(path)


def softmax(x):
    started = time.perf_counter()
    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
    result = powers / np.sum(powers, axis=-1, keepdims=True)
    logging.info("took %g s", time.perf_counter() - started)
    return result


def double(x):
    return factor() * x

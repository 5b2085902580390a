# T43: an honest solution that uses two threads and a pool of two processes.
#
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }
# [tier.landlock]
# verdict = "ERROR"
# points = { q1 = 2, q2 = 0 }
# reason = "no process may be started there, so that none can be left behind"

import multiprocessing
import threading

import numpy as np


def halves(x, function):
    """`function` of both halves of the rows, each in a thread of its own."""
    kept = {}
    pieces = np.array_split(x, 2)
    threads = [
        threading.Thread(
            target=lambda number=number: kept.update({number: function(pieces[number])})
        )
        for number in (0, 1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return np.concatenate([kept[0], kept[1]])


def softmax(x):
    return halves(x, rows) if x.ndim > 1 else rows(x)


def rows(x):
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def twice(value):
    return 2 * value


def double(x):
    with multiprocessing.get_context("fork").Pool(2) as pool:
        return np.asarray(pool.map(twice, list(np.ravel(x)))).reshape(np.shape(x))

# T56: changes NumPy's and Python's global state. It carries over to its own later questions and
# harms nobody else.
#
# verdict = "PASS"
# points = { q1 = 2, q2 = 1 }

import locale
import os
import random
import sys
import warnings

import numpy as np

np.seterr(all="raise")
np.set_printoptions(precision=0, threshold=0)
warnings.simplefilter("error")
sys.setrecursionlimit(200)
locale.setlocale(locale.LC_ALL, "C")
random.seed(0)
np.random.seed(0)
os.chdir("/")
os.environ.clear()
sys.path.clear()


def softmax(x):
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def double(x):
    return 2 * x

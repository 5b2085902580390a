# Defines functions of the names of built-ins, for graders that import everything from it.
#
# verdict = "FAIL"
# points = { q1 = 0, q2 = 1 }
# forges = ["star"]

import builtins

import numpy as np


def all(values):
    return True


def isinstance(value, kinds):
    return True


def zip(*parts, strict=False):
    return ()


abs = round = sum = len = lambda *arguments: 0
range = print = lambda *arguments, **keywords: ()


def softmax(x):
    return np.zeros(builtins.tuple(x.shape))


def double(x):
    return 2 * x

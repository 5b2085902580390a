"""q7: PyTorch functions (hidden)."""

import numpy as np
from oracle import attended
from otter.test_files import test_case

from kit.testing import close, remote, rng

OK_FORMAT = False
name = "q7"
points = None

INPUTS = """
import torch

def attended(function, *arrays):
    return function(*map(torch.tensor, arrays))

def steepness(gradient_norm, w, x):
    w = torch.tensor(w)
    return gradient_norm(lambda z: torch.tanh(z @ w), torch.tensor(x))
"""


@test_case(points=1, hidden=True, failure_message="Divide by the root of the size.")
def test_attention(attention):
    """attention agrees with Einstein sums"""
    arrays = rng("attention").normal(size=(3, 2, 4, 6, 8)).astype(np.float32)
    found = remote.define(INPUTS).attended(attention, *arrays)
    close(found, attended(*arrays.astype(np.float64)), rtol=1e-4, atol=1e-5)


@test_case(points=1, hidden=True)
def test_gradient_norm(gradient_norm):
    """gradient_norm of tanh(x w) has a closed form"""
    draw = rng("norm")
    x, w = draw.normal(size=(5, 4)), draw.normal(size=4)
    want = (1 - np.tanh(x @ w) ** 2) * np.linalg.norm(w)
    close(remote.define(INPUTS).steepness(gradient_norm, w, x), want, rtol=1e-6)

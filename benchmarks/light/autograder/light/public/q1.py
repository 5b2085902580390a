"""q1: the affine layer and ReLU (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, rng

OK_FORMAT = False
name = "q1"
points = None


@test_case(points=1, hidden=False)
def test_affine_forward(affine_forward):
    """affine_forward flattens, multiplies and adds"""
    x = np.arange(12.0).reshape(2, 3, 2)
    close(affine_forward(x, np.ones((6, 2)), np.array([0.0, 1.0])), [[15, 16], [51, 52]], rtol=1e-9)


@test_case(points=1, hidden=False)
def test_relu_forward(relu_forward):
    """relu_forward keeps what is positive"""
    x = rng("relu").normal(size=(5, 7))
    close(relu_forward(x), (x + abs(x)) / 2, rtol=1e-9)

"""q1: linear layers and ReLU (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close

OK_FORMAT = False
name = "q1"
points = None

X = np.array([[1.0, 2.0], [3.0, -1.0]])
WEIGHT = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, -1.0]])
ROUNDING = 1e-5  # lets float32 pass


@test_case(points=0.5, hidden=False)
def test_forward(linear, relu):
    """A linear layer multiplies from the right and adds its bias; ReLU keeps what is above 0"""
    out = linear(X, WEIGHT, np.array([0.5, 0.0, -4.0]))
    close(out, [[1.5, 2.0, -4.0], [3.5, -1.0, 3.0]], rtol=0, atol=ROUNDING, what="the output")
    close(relu(np.array([-2.0, 0.5, 3.0])), [0.0, 0.5, 3.0], rtol=0, atol=ROUNDING, what="the ReLU")


@test_case(points=0.5, hidden=False)
def test_backward(linear_backward, relu_backward):
    """The gradients by x, W and b of the two examples, and ReLU's gradient on both sides of 0"""
    dx, dweight, dbias = linear_backward(np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]), X, WEIGHT)
    close(dx, [[1.0, 0.0], [2.0, 0.0]], rtol=0, atol=ROUNDING, what="the gradient by x")
    expected = [[1.0, 3.0, 3.0], [2.0, -1.0, -1.0]]
    close(dweight, expected, rtol=0, atol=ROUNDING, what="the gradient by W")
    close(dbias, [1.0, 1.0, 1.0], rtol=0, atol=ROUNDING, what="the gradient by b")
    passed = relu_backward(np.array([5.0, 6.0]), np.array([-1.0, 2.0]))
    close(passed, [0.0, 6.0], rtol=0, atol=ROUNDING, what="the gradient of the ReLU")

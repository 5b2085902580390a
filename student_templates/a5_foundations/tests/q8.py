"""q8: max- and average-pooling (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close

OK_FORMAT = False
name = "q8"
points = None

IMAGE = np.array([[[[1.0, 3.0, 2.0, 0.0], [5.0, 4.0, 1.0, 6.0]]]])
GRAD = np.array([[[[10.0, 20.0]]]])
TWO = (2, 2)
ROUNDING = 1e-5  # lets float32 pass


@test_case(points=1, hidden=False)
def test_forward(max_pool2d, avg_pool2d):
    """2x2 windows of a 2x4 image: the largest numbers are 5 and 6, the means 3.25 and 2.25"""
    close(max_pool2d(IMAGE, TWO, TWO), [[[[5.0, 6.0]]]], rtol=0, atol=ROUNDING, what="the maxima")
    close(avg_pool2d(IMAGE, TWO, TWO), [[[[3.25, 2.25]]]], rtol=0, atol=ROUNDING, what="the means")


@test_case(points=1, hidden=False)
def test_backward(max_pool2d_backward, avg_pool2d_backward):
    """A window's gradient goes to its largest number, or in equal shares to all"""
    dx = max_pool2d_backward(GRAD, IMAGE, TWO, TWO)
    expected = [[[[0.0, 0.0, 0.0, 0.0], [10.0, 0.0, 0.0, 20.0]]]]
    close(dx, expected, rtol=0, atol=ROUNDING, what="the gradient of max-pooling")
    dx = avg_pool2d_backward(GRAD, IMAGE, TWO, TWO)
    expected = np.array([[[2.5, 2.5, 5.0, 5.0], [2.5, 2.5, 5.0, 5.0]]])[None]
    close(dx, expected, rtol=0, atol=ROUNDING, what="the gradient of average-pooling")

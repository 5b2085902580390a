"""q7: transposed convolution (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, shape

OK_FORMAT = False
name = "q7"
points = None

ROUNDING = 1e-5  # lets float32 pass


@test_case(points=0.75, hidden=False)
def test_stamps(conv_transpose2d):
    """Two pixels stamp a 2x2 kernel; the stamps overlap and add up, a bias comes on top"""
    x = np.array([[[[1.0, 10.0]]]])
    kernel = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    out = conv_transpose2d(x, kernel, np.array([100.0]))
    expected = [[[[101.0, 112.0, 120.0], [103.0, 134.0, 140.0]]]]
    close(out, expected, rtol=0, atol=ROUNDING, what="the output")


@test_case(points=0.5, hidden=False)
def test_doubling(conv_transpose2d):
    """A 5x5 kernel, stride 2, padding 2 and output padding 1 double height and width"""
    out = conv_transpose2d(
        np.ones((2, 3, 7, 4)), np.ones((3, 2, 5, 5)), None, (2, 2), (2, 2), (1, 1)
    )
    shape(out, (2, 2, 14, 8), "the output")

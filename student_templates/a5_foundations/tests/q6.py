"""q6: convolution (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, value

OK_FORMAT = False
name = "q6"
points = None

IMAGE = np.array([[[[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, 0.0, 1.0]]]])
KERNEL = np.array([[[[1.0, 0.0], [2.0, -1.0]]]])
ROUNDING = 1e-5  # lets float32 pass


@test_case(points=1, hidden=False)
def test_one_channel(conv2d):
    """A 3x3 image under a 2x2 kernel, which is not flipped; then a bias, padding and a stride"""
    out = conv2d(IMAGE, KERNEL)
    close(out, [[[[0.0, 1.0], [4.0, 0.0]]]], rtol=0, atol=ROUNDING, what="the output")
    out = conv2d(IMAGE, KERNEL, np.array([10.0]), stride=(2, 2), padding=(1, 1))
    expected = [[[[9.0, 14.0], [8.0, 10.0]]]]
    close(out, expected, rtol=0, atol=ROUNDING, what="the output with padding 1 and stride 2")


@test_case(points=0.5, hidden=False)
def test_channels(conv2d):
    """Two channels are summed; two output channels have a kernel and a bias each"""
    x = np.stack([np.full((2, 2), 1.0), np.full((2, 2), 10.0)])[None]
    weight = np.array([[[[1.0]], [[2.0]]], [[[0.0]], [[1.0]]]])
    out = conv2d(x, weight, np.array([0.0, 5.0]))
    expected = np.stack([np.full((2, 2), 21.0), np.full((2, 2), 15.0)])[None]
    close(out, expected, rtol=0, atol=ROUNDING, what="the output")


@test_case(points=0.5, hidden=False)
def test_backward_example(conv2d_backward):
    """The gradients of a 3x3 image under a 2x2 kernel, where one output counts"""
    grad = np.array([[[[0.0, 1.0], [0.0, 0.0]]]])
    dx, dweight, dbias = value(conv2d_backward(grad, IMAGE, KERNEL))
    expected = [[[[0.0, 1.0, 0.0], [0.0, 2.0, -1.0], [0.0, 0.0, 0.0]]]]
    close(dx, expected, rtol=0, atol=ROUNDING, what="the gradient by x")
    close(dweight, [[[[2.0, 0.0], [1.0, 3.0]]]], rtol=0, atol=ROUNDING, what="the one by weight")
    close(dbias, [1.0], rtol=0, atol=ROUNDING, what="the gradient by bias")

"""Convolutions and pooling in NumPy, forward and backward.

Images are (n, channels, height, width). A convolution does not flip its kernel: it is what deep
learning calls one, a cross-correlation. Whatever has a height and a width is a pair, height first.
As in `layers.py`, `grad` is the gradient by the output, and no argument is ever changed.
"""

import numpy as np

Array = np.ndarray
Pair = tuple[int, int]


def conv2d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
    groups: int = 1,
) -> Array:
    """Convolve images with a kernel.

    With g groups the first of g equal shares of the output channels sees the first share of the
    input channels only, the second the second, and so on.

    Args:
        x: (n, in, h, w).
        weight: (out, in / groups, kh, kw).
        bias: (out,), or none.
        stride: from one window to the next, down and to the right.
        padding: rows (columns) of zeros at each side.
        dilation: from one tap of the kernel to the next.
        groups: divides both numbers of channels.

    Returns:
        (n, out, h', w').
    """
    raise NotImplementedError("conv2d is not written yet")


def conv2d_backward(
    grad: Array,
    x: Array,
    weight: Array,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
    groups: int = 1,
) -> tuple[Array, Array, Array]:
    """The gradients by x, weight and bias of `conv2d`, each of the shape of its argument.

    `grad` is (n, out, h', w').
    """
    raise NotImplementedError("conv2d_backward is not written yet")


def conv_transpose2d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    stride: Pair = (1, 1),
    padding: Pair = (0, 0),
    output_padding: Pair = (0, 0),
    dilation: Pair = (1, 1),
    groups: int = 1,
) -> Array:
    """Convolve backwards: the linear map that is the transpose of a convolution's, plus a bias.

    Each input pixel stamps the kernel, times its value, on the output, `stride` apart; stamps that
    overlap add up. Rows and columns of `output_padding` are part of the picture: a stamp that
    `padding` would have cut off reaches into them.

    Args:
        x: (n, in, h, w).
        weight: (in, out / groups, kh, kw), the weight of the convolution from `out` to `in`
            channels that this one transposes.
        bias: (out,), or none.
        stride: from one stamp to the next, down and to the right.
        padding: rows (columns) cut off at each side.
        output_padding: rows added at the bottom, columns at the right.
        dilation: from one tap of the kernel to the next.
        groups: divides both numbers of channels.

    Returns:
        (n, out, h', w').
    """
    raise NotImplementedError("conv_transpose2d is not written yet")


def max_pool2d(x: Array, kernel: Pair, stride: Pair, padding: Pair = (0, 0)) -> Array:
    """The largest number of each window, channel by channel; (n, c, h, w) to (n, c, h', w').

    Padding never wins: it counts as -inf. It is at most half the kernel.
    """
    raise NotImplementedError("max_pool2d is not written yet")


def max_pool2d_backward(
    grad: Array, x: Array, kernel: Pair, stride: Pair, padding: Pair = (0, 0)
) -> Array:
    """The gradient by x of `max_pool2d`.

    A window's gradient goes to its largest number, among equal ones to the first, row by row. A
    number that is the largest of several windows collects from each.
    """
    raise NotImplementedError("max_pool2d_backward is not written yet")


def avg_pool2d(
    x: Array,
    kernel: Pair,
    stride: Pair,
    padding: Pair = (0, 0),
    count_include_pad: bool = True,
) -> Array:
    """The mean of each window, channel by channel; (n, c, h, w) to (n, c, h', w').

    Padding is with zeros. They are counted in the mean, or, without `count_include_pad`, each
    window is divided by how many pixels of the image are in it. It is at most half the kernel.
    """
    raise NotImplementedError("avg_pool2d is not written yet")


def avg_pool2d_backward(
    grad: Array,
    x: Array,
    kernel: Pair,
    stride: Pair,
    padding: Pair = (0, 0),
    count_include_pad: bool = True,
) -> Array:
    """The gradient by x of `avg_pool2d`: each window shares its own equally."""
    raise NotImplementedError("avg_pool2d_backward is not written yet")

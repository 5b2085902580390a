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
    # BEGIN SOLUTION
    windows = _windows(x, weight.shape[2:], stride, padding, dilation)
    columns = _columns(windows, groups)
    kernels = weight.reshape(groups, len(weight) // groups, -1)
    out = columns @ kernels.swapaxes(1, 2)  # (n, groups, h' w', out / groups)
    out = out.swapaxes(2, 3).reshape(len(x), len(weight), *windows.shape[2:4])
    return out if bias is None else out + bias[:, None, None]
    # END SOLUTION


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
    # BEGIN SOLUTION
    kernel = weight.shape[2:]
    columns = _columns(_windows(x, kernel, stride, padding, dilation), groups)
    rows = grad.reshape(len(x), groups, len(weight) // groups, -1)
    dweight = (rows @ columns).sum(axis=0).reshape(weight.shape)
    dcolumns = rows.swapaxes(2, 3) @ weight.reshape(groups, len(weight) // groups, -1)
    dx = _scattered(dcolumns, grad.shape[2:], x.shape, kernel, stride, padding, dilation)
    return dx, dweight, grad.sum(axis=(0, 2, 3))
    # END SOLUTION


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
    # BEGIN SOLUTION
    kernel, out_channels = weight.shape[2:], groups * weight.shape[1]
    pixels = x.reshape(len(x), groups, x.shape[1] // groups, -1).swapaxes(2, 3)
    columns = pixels @ weight.reshape(groups, x.shape[1] // groups, -1)
    sizes = zip(x.shape[2:], stride, padding, output_padding, dilation, kernel, strict=True)
    size = ((n - 1) * s - 2 * p + more + d * (k - 1) + 1 for n, s, p, more, d, k in sizes)
    shape = (len(x), out_channels, *size)
    out = _scattered(columns, x.shape[2:], shape, kernel, stride, padding, dilation)
    return out if bias is None else out + bias[:, None, None]
    # END SOLUTION


def max_pool2d(x: Array, kernel: Pair, stride: Pair, padding: Pair = (0, 0)) -> Array:
    """The largest number of each window, channel by channel; (n, c, h, w) to (n, c, h', w').

    Padding never wins: it counts as -inf. It is at most half the kernel.
    """
    # BEGIN SOLUTION
    return _windows(x, kernel, stride, padding, fill=-np.inf).max(axis=(4, 5))
    # END SOLUTION


def max_pool2d_backward(
    grad: Array, x: Array, kernel: Pair, stride: Pair, padding: Pair = (0, 0)
) -> Array:
    """The gradient by x of `max_pool2d`.

    A window's gradient goes to its largest number, among equal ones to the first, row by row. A
    number that is the largest of several windows collects from each.
    """
    # BEGIN SOLUTION
    windows = _windows(x, kernel, stride, padding, fill=-np.inf)
    flat = windows.reshape(*windows.shape[:4], -1)
    chosen = flat.argmax(axis=4)[..., None] == np.arange(flat.shape[4])
    shares = chosen * grad[..., None]
    return _scattered(_by_channel(shares), grad.shape[2:], x.shape, kernel, stride, padding)
    # END SOLUTION


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
    # BEGIN SOLUTION
    sums = _windows(x, kernel, stride, padding).sum(axis=(4, 5))
    return sums / _window_sizes(x, kernel, stride, padding, count_include_pad)
    # END SOLUTION


def avg_pool2d_backward(
    grad: Array,
    x: Array,
    kernel: Pair,
    stride: Pair,
    padding: Pair = (0, 0),
    count_include_pad: bool = True,
) -> Array:
    """The gradient by x of `avg_pool2d`: each window shares its own equally."""
    # BEGIN SOLUTION
    each = grad / _window_sizes(x, kernel, stride, padding, count_include_pad)
    shares = np.broadcast_to(each[..., None], (*each.shape, kernel[0] * kernel[1]))
    return _scattered(_by_channel(shares), grad.shape[2:], x.shape, kernel, stride, padding)
    # END SOLUTION


# BEGIN SOLUTION
def _windows(
    x: Array,
    kernel: Pair,
    stride: Pair,
    padding: Pair,
    dilation: Pair = (1, 1),
    fill: float = 0.0,
) -> Array:
    """A view (n, c, h', w', kh, kw) of all windows of the padded images; nothing is copied."""
    (down, right), (high, wide) = padding, kernel
    padded = np.pad(x, ((0, 0), (0, 0), (down, down), (right, right)), constant_values=fill)
    reach = (dilation[0] * (high - 1) + 1, dilation[1] * (wide - 1) + 1)
    windows = np.lib.stride_tricks.sliding_window_view(padded, reach, axis=(2, 3))
    return windows[:, :, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]


def _columns(windows: Array, groups: int) -> Array:
    """Windows as rows of a matrix per image and group: (n, groups, h' w', in / groups * kh kw)."""
    n, channels, height, width, *kernel = windows.shape
    split = windows.reshape(n, groups, channels // groups, height, width, *kernel)
    return split.transpose(0, 1, 3, 4, 2, 5, 6).reshape(n, groups, height * width, -1)


def _by_channel(shares: Array) -> Array:
    """(n, c, h', w', kh kw) in the form of `_columns`, every channel a group."""
    n, channels, height, width, size = shares.shape
    return shares.reshape(n, channels, height * width, size)


def _scattered(
    columns: Array,
    windows: tuple[int, ...],
    shape: tuple[int, ...],
    kernel: Pair,
    stride: Pair,
    padding: Pair,
    dilation: Pair = (1, 1),
) -> Array:
    """The transpose of `_windows` and `_columns`: add every number to the pixel it came from."""
    (n, channels, height, width), (down, right), (high, wide) = shape, padding, kernel
    groups = columns.shape[1]
    parts = columns.reshape(n, groups, *windows, channels // groups, high, wide)
    parts = parts.transpose(0, 1, 4, 2, 3, 5, 6).reshape(n, channels, *windows, high, wide)
    padded = np.zeros((n, channels, height + 2 * down, width + 2 * right))
    for i in range(high):  # over the taps of the kernel, never over pixels or images
        for j in range(wide):
            top, left = i * dilation[0], j * dilation[1]
            rows = slice(top, top + stride[0] * windows[0], stride[0])
            cells = slice(left, left + stride[1] * windows[1], stride[1])
            padded[:, :, rows, cells] += parts[..., i, j]
    return padded[:, :, down : down + height, right : right + width]


def _window_sizes(
    x: Array, kernel: Pair, stride: Pair, padding: Pair, count_include_pad: bool
) -> Array | int:
    """By how much each window's sum is divided."""
    if count_include_pad:
        return kernel[0] * kernel[1]
    return _windows(np.ones_like(x), kernel, stride, padding).sum(axis=(4, 5))


# END SOLUTION

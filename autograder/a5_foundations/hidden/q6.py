"""q6: convolution (hidden)."""

import oracle
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, value

OK_FORMAT = False
name = "q6"
points = None

ROUNDING = 1e-4  # of sums of up to 50 products of size 1: lets float32 pass

# name: (n, in, h, w), (out, kh, kw), stride, padding, dilation, groups
PLAIN = {
    "several channels": ((2, 3, 6, 5), (4, 3, 2), (1, 1), (0, 0), (1, 1), 1),
    "a stride down and another right": ((2, 2, 7, 8), (3, 3, 3), (2, 3), (0, 0), (1, 1), 1),
    "padding down and right": ((1, 2, 5, 4), (2, 3, 2), (1, 1), (2, 1), (1, 1), 1),
    "a stride above the kernel": ((2, 1, 9, 9), (2, 2, 2), (3, 4), (0, 1), (1, 1), 1),
}
DILATED = {
    "dilation": ((2, 2, 9, 8), (3, 3, 2), (1, 1), (0, 0), (2, 3), 1),
    "dilation with stride and padding": ((1, 2, 8, 9), (2, 2, 3), (2, 1), (1, 2), (3, 2), 1),
}
GROUPED = {
    "two groups": ((2, 4, 5, 6), (6, 2, 3), (1, 1), (0, 0), (1, 1), 2),
    "a group per channel": ((2, 3, 5, 5), (3, 3, 3), (1, 2), (1, 1), (1, 1), 3),
}


def _problem(label, of, out, groups):
    draw = rng(label)
    x = draw.normal(size=of)
    weight = draw.normal(size=(out[0], of[1] // groups, *out[1:]))
    return x, weight, draw.normal(size=out[0])


def _check_forward(conv2d, cases):
    for label, (of, out, stride, padding, dilation, groups) in cases.items():
        x, weight, bias = _problem(label, of, out, groups)
        expected = oracle.convolved(x, weight, (stride, padding, dilation, groups))
        found = conv2d(x, weight, None, stride, padding, dilation, groups)
        close(found, expected, rtol=0, atol=ROUNDING, what=f"the output ({label})")
        found = conv2d(x, weight, bias, stride, padding, dilation, groups)
        expected += bias[:, None, None]
        close(found, expected, rtol=0, atol=ROUNDING, what=f"the output ({label}, with a bias)")


def _check_backward(conv2d_backward, cases):
    for label, (of, out, stride, padding, dilation, groups) in cases.items():
        x, weight, _ = _problem(label, of, out, groups)
        settings = stride, padding, dilation, groups
        forward = oracle.convolved(x, weight, settings)
        grad = rng(f"{label}, grad").normal(size=forward.shape)
        dx, dweight, dbias = value(conv2d_backward(grad, x, weight, *settings))
        expected = oracle.convolution_gradients(grad, x, weight, settings)
        close(dx, expected[0], rtol=0, atol=ROUNDING, what=f"the gradient by x ({label})")
        close(dweight, expected[1], rtol=0, atol=ROUNDING, what=f"the one by weight ({label})")
        sums = sum(grad[i, :, j, k] for i in range(len(x)) for j, k in _places(grad))
        close(dbias, sums, rtol=0, atol=ROUNDING, what=f"the gradient by bias ({label})")


def _places(grad):
    return [(j, k) for j in range(grad.shape[2]) for k in range(grad.shape[3])]


@test_case(
    points=0.75,
    hidden=True,
    failure_message="Height first, then width: kernel, stride and padding may differ. What does "
    "not fit whole is left out. The kernel is not flipped.",
)
def test_forward(conv2d):
    """Several channels, oblong kernels, strides and paddings that differ, a bias or none"""
    _check_forward(conv2d, PLAIN)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Dilation spreads the taps of the kernel over the image; it is no stride.",
)
def test_dilation(conv2d):
    """Dilated kernels, alone and with stride and padding"""
    _check_forward(conv2d, DILATED)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="With groups, the first share of the output channels sees the first share of "
    "the input channels only.",
)
def test_groups(conv2d):
    """Two groups, and a group for each channel"""
    _check_forward(conv2d, GROUPED)


@test_case(
    points=0.75,
    hidden=True,
    failure_message="Each output is a sum of products; each factor's gradient is the other "
    "factor. Pixels in several windows collect from all; padding collects nothing that stays.",
)
def test_backward(conv2d_backward):
    """The gradients by x, weight and bias, for oblong kernels, strides and paddings"""
    _check_backward(conv2d_backward, PLAIN)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="The backward pass visits the same pixels as the forward pass: dilation and "
    "groups, too.",
)
def test_backward_dilation_groups(conv2d_backward):
    """The gradients with dilation and with groups; what was passed in stays as it was"""
    _check_backward(conv2d_backward, DILATED | GROUPED)
    x, weight, _ = _problem("untouched", (1, 2, 4, 4), (2, 3, 3), 1)
    passed = remote.numpy.array(x), remote.numpy.array(weight)
    conv2d_backward(rng("a grad").normal(size=(1, 2, 4, 4)), *passed, padding=(1, 1))
    equal(passed[0], x, "the x that was passed in")
    equal(passed[1], weight, "the weight that was passed in")

"""q7: transposed convolution (hidden)."""

import oracle
from otter.test_files import test_case

from kit.testing import close, rng

OK_FORMAT = False
name = "q7"
points = None

ONE, NONE = (1, 1), (0, 0)
ROUNDING = 1e-4  # of sums of up to 50 products of size 1: lets float32 pass


def _check(conv_transpose2d, label, shapes, more, settings):
    """Compare with the transpose of a matrix; `shapes` are those of x and (out, kh, kw)."""
    (of, out), (stride, padding, dilation, groups) = shapes, settings
    draw = rng(label)
    x = draw.normal(size=of)
    weight = draw.normal(size=(of[1], out[0] // groups, *out[1:]))
    bias = draw.normal(size=out[0])
    axes = zip(of[2:], out[1:], stride, padding, dilation, strict=True)
    down, right = (oracle.smallest_size_for(*axis) for axis in axes)
    size = down + more[0], right + more[1]
    plain = oracle.transposed_convolved(x, weight, size, settings)
    found = conv_transpose2d(x, weight, None, stride, padding, more, dilation, groups)
    close(found, plain, rtol=0, atol=ROUNDING, what=f"the output ({label})")
    found = conv_transpose2d(x, weight, bias, stride, padding, more, dilation, groups)
    expected = plain + bias[:, None, None]
    close(found, expected, rtol=0, atol=ROUNDING, what=f"the output ({label}, with a bias)")


@test_case(
    points=0.75,
    hidden=True,
    failure_message="weight is (in, out / groups, kh, kw): sum over the input channels; the "
    "kernel is stamped as it is, `stride` apart.",
)
def test_strides(conv_transpose2d):
    """Several channels, oblong kernels and strides: the transpose of the convolution's matrix"""
    plain, oblong = ((2, 3, 3, 4), (2, 3, 2)), ((2, 2, 3, 2), (3, 3, 2))
    _check(conv_transpose2d, "plain", plain, NONE, (ONE, NONE, ONE, 1))
    _check(conv_transpose2d, "strides", oblong, NONE, ((2, 3), NONE, ONE, 1))


@test_case(
    points=0.5,
    hidden=True,
    failure_message="padding cuts rows and columns off at each side; output_padding adds some at "
    "the bottom and at the right only.",
)
def test_padding(conv_transpose2d):
    """Padding and output padding, which differ down and right"""
    cut, more = ((1, 2, 4, 3), (2, 3, 4)), ((2, 2, 3, 3), (2, 4, 3))
    _check(conv_transpose2d, "cut", cut, NONE, ((2, 1), (1, 2), ONE, 1))
    _check(conv_transpose2d, "more", more, (2, 1), ((3, 2), (2, 1), ONE, 1))


@test_case(
    points=0.5,
    hidden=True,
    failure_message="dilation spreads the stamp; with groups, each share of the channels keeps "
    "to its own. The convolution and this one are adjoint: <conv(u), x> = <u, this(x)>.",
)
def test_dilation_and_groups(conv_transpose2d):
    """Dilation, and groups of channels"""
    dilated, groups = ((1, 2, 3, 4), (2, 3, 2)), ((2, 4, 3, 2), (6, 2, 3))
    _check(conv_transpose2d, "dilated", dilated, NONE, ((2, 1), (1, 0), (2, 3), 1))
    _check(conv_transpose2d, "groups", groups, NONE, ((1, 2), NONE, ONE, 2))

"""q5: sizes and parameters of convolutions (hidden)."""

from itertools import product

import oracle
from otter.test_files import test_case

from kit.testing import equal, raises

OK_FORMAT = False
name = "q5"
points = None


@test_case(
    points=0.5,
    hidden=True,
    failure_message="A window that does not fit whole is left out; dilation spreads the kernel "
    "over dilation (kernel - 1) + 1 pixels.",
)
def test_counted(conv_output_size):
    """The size is how many windows fit, for strides, paddings and dilations of all kinds"""
    for size, kernel, stride, padding, dilation in product(
        (7, 10), (1, 2, 3), (1, 2, 3, 4), (0, 1), (1, 2, 3)
    ):
        expected = oracle.windows_that_fit(size, kernel, stride, padding, dilation)
        found = conv_output_size(size, kernel, stride, padding, dilation)
        what = f"the size for {size}, {kernel}, {stride}, {padding}, {dilation}"
        equal(found, expected, what)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="No window fits: raise a ValueError, also where the division would round to "
    "a size of 0 or below. A kernel that just fits gives 1.",
)
def test_no_window(conv_output_size):
    """A kernel larger than the padded input raises a ValueError; one that just fits does not"""
    for arguments in ((4, 5), (4, 5, 3), (4, 3, 2, 0, 2), (1, 4, 1, 1)):
        raises(ValueError, conv_output_size, *arguments)
    for arguments in ((5, 5, 3), (5, 3, 2, 0, 2), (2, 4, 1, 1)):
        equal(conv_output_size(*arguments), 1, f"conv_output_size{arguments}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Ask which input size the convolution takes to `size`, take the smallest, "
    "and add output_padding.",
)
def test_transposed(conv_transpose_output_size):
    """The size is the smallest that the convolution takes back, plus output_padding"""
    for size, kernel, stride, padding, dilation in product(
        (4, 5), (3, 4), (1, 2, 3), (0, 1), (1, 2)
    ):
        smallest = oracle.smallest_size_for(size, kernel, stride, padding, dilation)
        for more in range(max(stride, dilation)):
            found = conv_transpose_output_size(size, kernel, stride, padding, more, dilation)
            what = f"the size for {size}, {kernel}, {stride}, {padding}, {more}, {dilation}"
            equal(found, smallest + more, what)


@test_case(
    points=0.25,
    hidden=True,
    failure_message="output_padding is below the larger of stride and dilation, and not negative",
)
def test_output_padding(conv_transpose_output_size):
    """An output padding that no convolution rounds away raises a ValueError"""
    for arguments in ((4, 3, 2, 1, 2), (4, 3, 1, 0, 1), (4, 3, 2, 0, 3, 3), (4, 3, 2, 1, -1)):
        raises(ValueError, conv_transpose_output_size, *arguments)
    equal(conv_transpose_output_size(4, 3, 1, 0, 1, 2), 9, "the size with a dilation of 2")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="Each output channel sees in_channels / groups input channels, through a "
    "kernel of height times width, and has one bias.",
)
def test_parameters(conv_parameters):
    """Parameters with groups, oblong kernels, and without a bias, counted on arrays"""
    for inputs, outputs, kernel, groups in (
        (4, 6, (3, 2), 1), (4, 6, (1, 5), 2), (6, 6, (3, 3), 6), (6, 12, (2, 2), 3),
    ):  # fmt: skip
        weight = (outputs, inputs // groups, *kernel)
        what = f"the number for {inputs}, {outputs}, {kernel}, {groups} groups"
        found = conv_parameters(inputs, outputs, kernel, groups)
        equal(found, oracle.parameters(weight, (outputs,)), what)
        found = conv_parameters(inputs, outputs, kernel, groups, bias=False)
        equal(found, oracle.parameters(weight), f"{what}, without a bias")
    # Groups divide the channels on both sides, or there is no such convolution.
    for inputs, outputs, groups in ((4, 6, 4), (4, 6, 3), (6, 4, 3), (5, 7, 2)):
        raises(ValueError, conv_parameters, inputs, outputs, (3, 3), groups)

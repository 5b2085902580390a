"""q5: sizes and parameters of convolutions (public)."""

from otter.test_files import test_case

from kit.testing import equal

OK_FORMAT = False
name = "q5"
points = None


@test_case(points=0.75, hidden=False)
def test_sizes_of_the_base_network(conv_output_size):
    """The sizes of the base CNN: 32 to 28 to 14 to 10 to 5, and of a 3x3 kernel padded by 1"""
    for arguments, expected in (
        ((32, 5), 28), ((28, 2, 2), 14), ((14, 5), 10), ((10, 2, 2), 5), ((9, 3, 1, 1), 9),
    ):  # fmt: skip
        equal(conv_output_size(*arguments), expected, f"conv_output_size{arguments}")


@test_case(points=0.5, hidden=False)
def test_doubling(conv_transpose_output_size):
    """Two transposed convolutions that double a size: 7 to 14"""
    equal(conv_transpose_output_size(7, 4, 2, 1), 14, "the size with a kernel of 4")
    equal(conv_transpose_output_size(7, 5, 2, 2, 1), 14, "the size with a kernel of 5")


@test_case(points=0.75, hidden=False)
def test_parameters_example(conv_parameters):
    """The convolutions of the base CNN have 456 and 2,416 parameters"""
    equal(conv_parameters(3, 6, (5, 5)), 456, "the number for 3 to 6 channels")
    equal(conv_parameters(6, 16, (5, 5)), 2416, "the number for 6 to 16 channels")

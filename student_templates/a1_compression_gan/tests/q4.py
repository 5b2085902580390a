"""q4: counting parameters (public)."""

from otter.test_files import test_case

from kit.testing import equal

OK_FORMAT = False
name = "q4"
points = None

LAYERS = [(784, 100), (100, 50), (50, 10)]


@test_case(points=1, hidden=False)
def test_dense(dense_parameters):
    """The three layers have 78,500, 5,050 and 510 parameters with their biases"""
    for shape, expected in zip(LAYERS, (78_500, 5_050, 510), strict=True):
        equal(dense_parameters(shape), expected, f"the number of parameters of {shape}")


@test_case(points=1, hidden=False)
def test_factored(factored_parameters):
    """At 2X the three pairs have 44,300, 3,800 and 310 parameters: 48,410 together"""
    for shape, rank, expected in zip(LAYERS, (50, 25, 5), (44_300, 3_800, 310), strict=True):
        what = f"the number of parameters of {shape} at rank {rank}"
        equal(factored_parameters(shape, rank), expected, what)

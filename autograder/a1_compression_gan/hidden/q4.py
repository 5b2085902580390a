"""q4: counting parameters (hidden)."""

from oracle import parameters
from otter.test_files import test_case

from kit.testing import equal, rng

OK_FORMAT = False
name = "q4"
points = None

LAYERS = [(784, 100), (100, 50), (50, 10)]


@test_case(
    points=1,
    hidden=True,
    failure_message="bias=False leaves out every bias, and nothing else.",
)
def test_without_bias(dense_parameters, factored_parameters):
    """Without biases only the entries of the matrices count"""
    for m, n in LAYERS:
        equal(dense_parameters((m, n), bias=False), m * n, f"the parameters of {(m, n)}")
        equal(factored_parameters((m, n), 3, bias=False), 3 * m + 3 * n, f"those of {(m, n)} at 3")


@test_case(
    points=1,
    hidden=True,
    failure_message="Only the second of the two layers has a bias, one number for each output.",
)
def test_four_and_eight(factored_parameters):
    """At 4X and 8X each pair counts two matrices and one bias: 24,180 and 11,728 together"""
    for ranks in ((25, 12, 2), (12, 6, 1)):
        for (m, n), k in zip(LAYERS, ranks, strict=True):
            expected = parameters((m, k), (k, n), (n,))
            equal(factored_parameters((m, n), k), expected, f"the parameters of {(m, n)} at {k}")


@test_case(
    points=1,
    hidden=True,
    failure_message="A layer may have more outputs than inputs; it has a bias for each output.",
)
def test_wide_dense(dense_parameters):
    """A layer with more outputs than inputs has a bias for each output"""
    shapes = [(100, 256), (1, 5), *rng("dense").integers(1, 300, size=(6, 2)).tolist()]
    for m, n in shapes:
        equal(dense_parameters((m, n)), parameters((m, n), (n,)), f"the parameters of {(m, n)}")


@test_case(
    points=1,
    hidden=True,
    failure_message="Two factors can be larger than the layer that they replace: count them all "
    "the same. The bias belongs to the outputs.",
)
def test_wide_factored(factored_parameters):
    """A pair counts m k + k n + n, also where that is more than the layer had"""
    shapes = [(100, 256, 128), (256, 100, 50), *rng("pair").integers(1, 90, size=(6, 3)).tolist()]
    for m, n, k in shapes:
        expected = parameters((m, k), (k, n), (n,))
        equal(factored_parameters((m, n), k), expected, f"the parameters of {(m, n)} at {k}")

"""q2: which rank (public)."""

from otter.test_files import test_case

from kit.testing import equal

OK_FORMAT = False
name = "q2"
points = None

LAYERS = [(784, 100), (100, 50), (50, 10)]


@test_case(points=1, hidden=False)
def test_half(rank_for_compression):
    """At 2X the three layers of the network have the ranks 50, 25 and 5"""
    for shape, expected in zip(LAYERS, (50, 25, 5), strict=True):
        equal(rank_for_compression(shape, 2), expected, f"the rank of {shape} at 2X")


@test_case(points=1, hidden=False)
def test_break_even(break_even_rank):
    """Two factors are smaller than the layer up to the ranks 88, 33 and 8"""
    for shape, expected in zip(LAYERS, (88, 33, 8), strict=True):
        equal(break_even_rank(shape), expected, f"the break-even rank of {shape}")

"""q2: which rank (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import equal, rng, that, value

OK_FORMAT = False
name = "q2"
points = None


def whole(x, expected, what):
    """Check an exact value and that it is a whole number by type: a rank is used as an index."""
    equal(x, expected, what)
    that(np.asarray(value(x)).dtype.kind in "iu", f"{what} is not an int")


@test_case(
    points=1,
    hidden=True,
    failure_message="int() cuts off: a rank of 12.5 is 12. The result is an int for any factor.",
)
def test_truncation(rank_for_compression):
    """A fraction of a rank is cut off, and the rank is an int"""
    cases = [
        ((50, 25), 2),
        ((30, 11), 4),
        ((50, 10), 4),
        ((50, 10), 8),
        ((784, 100), 8),
        ((40, 11), 1.5),
    ]
    draws = rng("truncation").integers(3, 60, size=(20, 3)).tolist()
    cases += [((90, n), factor) for n, factor, _ in draws if n > factor]
    for shape, factor in cases:
        expected = oracle.rank_for_compression(shape, factor)
        whole(rank_for_compression(shape, factor), expected, f"the rank of {shape} at {factor}X")


@test_case(
    points=1,
    hidden=True,
    failure_message="What is int(n / factor) where n is smaller than the factor? There is no such "
    "rank.",
)
def test_at_least_one(rank_for_compression):
    """A layer with fewer outputs than the factor keeps rank 1"""
    for shape, factor in [((50, 7), 8), ((3, 1), 2), ((10, 3), 4)]:
        whole(rank_for_compression(shape, factor), 1, f"the rank of {shape} at {factor}X")


@test_case(
    points=1,
    hidden=True,
    failure_message="n is the second entry of the shape, whichever is larger, and no matrix has a "
    "rank above min(m, n).",
)
def test_wide(rank_for_compression):
    """A layer with more outputs than inputs gets n / factor too, but no rank above its inputs"""
    for shape, factor in [((100, 784), 2), ((100, 784), 8), ((10, 50), 8), ((30, 40), 2)]:
        expected = oracle.rank_for_compression(shape, factor)
        whole(rank_for_compression(shape, factor), expected, f"the rank of {shape} at {factor}X")


@test_case(
    points=1,
    hidden=True,
    failure_message="Strictly fewer: where k (m + n) equals m n nothing is saved. There may be no "
    "such rank at all.",
)
def test_break_even_is_strict(break_even_rank):
    """A rank at which the two factors hold exactly as many numbers does not count"""
    shapes = [(4, 4), (6, 3), (12, 4), (2, 2), (1, 1), (1, 9), (9, 1), (100, 256), (7, 5)]
    shapes += [(m, n) for m, n in rng("break-even").integers(1, 40, size=(20, 2)).tolist()]
    for shape in shapes:
        expected = oracle.break_even_rank(shape)
        whole(break_even_rank(shape), expected, f"the break-even rank of {shape}")

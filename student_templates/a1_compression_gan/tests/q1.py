"""q1: the truncated SVD and the two factors (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, raises, rng, shape, that, value

OK_FORMAT = False
name = "q1"
points = None


def arrays(result, count):
    """The arrays in a tuple that a function returned."""
    parts = value(result)
    that(
        isinstance(parts, tuple | list) and len(parts) == count,
        f"expected {count} arrays in a tuple",
    )
    return parts


@test_case(points=1, hidden=False)
def test_shapes(truncated_svd, low_rank_factors):
    """A 6x4 matrix at rank 2 gives U (6, 2), s (2,), Vᵀ (2, 4) and factors (6, 2), (2, 4)"""
    weight = rng("shapes").normal(size=(6, 4))
    u, s, vt = arrays(truncated_svd(weight, 2), 3)
    shape(u, (6, 2), "U")
    shape(s, (2,), "s")
    shape(vt, (2, 4), "Vᵀ")
    left, right = arrays(low_rank_factors(weight, 2), 2)
    shape(left, (6, 2), "U'")
    shape(right, (2, 4), "Vᵀ")


@test_case(points=1, hidden=False)
def test_full_rank(truncated_svd, low_rank_factors):
    """At the full rank nothing is lost: U diag(s) Vᵀ and U' Vᵀ are the matrix itself"""
    weight = rng("full rank").normal(size=(5, 3))
    u, s, vt = arrays(truncated_svd(weight, 3), 3)
    left, right = arrays(low_rank_factors(weight, 3), 2)
    for factor, size, what in [(u, (5, 3), "U"), (s, (3,), "s"), (vt, (3, 3), "Vᵀ")]:
        shape(factor, size, what)
    shape(left, (5, 3), "U'")
    shape(right, (3, 3), "Vᵀ")
    # float64 numbers around 1: 1e-10 leaves room for any order of summation
    product = np.asarray(u) @ np.diag(np.asarray(s)) @ np.asarray(vt)
    close(product, weight, rtol=0, atol=1e-10, what="U diag(s) Vᵀ")
    close(np.asarray(left) @ np.asarray(right), weight, rtol=0, atol=1e-10, what="U' Vᵀ")


@test_case(points=1, hidden=False)
def test_impossible_rank(truncated_svd, low_rank_factors):
    """Rank 0, and rank 4 of a 5x3 matrix, raise ValueError"""
    weight = rng("impossible rank").normal(size=(5, 3))
    for function in (truncated_svd, low_rank_factors):
        raises(ValueError, function, weight, 0)
        raises(ValueError, function, weight, 4)

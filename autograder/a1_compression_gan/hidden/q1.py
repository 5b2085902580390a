"""q1: the truncated SVD and the two factors (hidden)."""

import numpy as np
from oracle import spectral_matrix
from otter.test_files import test_case

from kit.testing import close, dtype, finite, raises, rng, shape, that, value

OK_FORMAT = False
name = "q1"
points = None

ROUNDING = 1e-9  # float64 on numbers around 1; far above any order of summation


def arrays(result, **shapes):
    """The arrays in a tuple that a function returned, with their shapes checked."""
    parts = value(result)
    that(
        isinstance(parts, tuple | list) and len(parts) == len(shapes),
        f"expected {len(shapes)} arrays in a tuple",
    )
    for (what, expected), part in zip(shapes.items(), parts, strict=True):
        shape(part, expected, what)
    return [np.asarray(part) for part in parts]


@test_case(
    points=1,
    hidden=True,
    failure_message="Keep the largest singular values. Multiply your three matrices and compare.",
)
def test_best_approximation(truncated_svd):
    """U diag(s) Vᵀ is the best approximation of a tall matrix at every rank"""
    weight, best = spectral_matrix(rng("tall"), (9, 5), (7.0, 4.0, 2.0, 1.0, 0.5))
    for k in (1, 2, 4):
        u, s, vt = arrays(truncated_svd(weight, k), U=(9, k), s=(k,), Vt=(k, 5))
        close(u @ np.diag(s) @ vt, best[k], rtol=0, atol=ROUNDING, what=f"the product at rank {k}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="s holds singular values: not squared, not negative, the largest first.",
)
def test_singular_values(truncated_svd):
    """s holds the singular values, the largest first"""
    weight, _ = spectral_matrix(rng("values"), (6, 4), (5.0, 3.0, 2.0, 0.25))
    _, s, _ = arrays(truncated_svd(weight, 3), U=(6, 3), s=(3,), Vt=(3, 4))
    close(s, [5.0, 3.0, 2.0], rtol=1e-9, what="s")


@test_case(
    points=1,
    hidden=True,
    failure_message="W may have more columns than rows: the rank ends at the smaller of the two, "
    "and NumPy returns Vᵀ and not V.",
)
def test_wide(truncated_svd, low_rank_factors):
    """A matrix with more columns than rows has its best approximation and its own largest rank"""
    weight, best = spectral_matrix(rng("wide"), (4, 9), (6.0, 3.0, 1.5, 0.5))
    for k in (2, 4):
        u, s, vt = arrays(truncated_svd(weight, k), U=(4, k), s=(k,), Vt=(k, 9))
        close(u @ np.diag(s) @ vt, best[k], rtol=0, atol=ROUNDING, what=f"the product at rank {k}")
        left, right = arrays(low_rank_factors(weight, k), left=(4, k), right=(k, 9))
        close(left @ right, best[k], rtol=0, atol=ROUNDING, what=f"U' Vᵀ at rank {k}")
    raises(ValueError, truncated_svd, weight, 5)
    raises(ValueError, low_rank_factors, weight, 5)


@test_case(
    points=1,
    hidden=True,
    failure_message="The singular values go into the first factor, whole and once; the rows of "
    "the second stay orthonormal.",
)
def test_factors(low_rank_factors):
    """U' carries the singular values, the rows of Vᵀ are orthonormal, U' Vᵀ is the best product"""
    weight, best = spectral_matrix(rng("factors"), (8, 6), (9.0, 4.0, 2.0, 1.0, 0.5, 0.1))
    left, right = arrays(low_rank_factors(weight, 3), left=(8, 3), right=(3, 6))
    close(left @ right, best[3], rtol=0, atol=ROUNDING, what="U' Vᵀ")
    close(right @ right.T, np.eye(3), rtol=0, atol=ROUNDING, what="Vᵀ V")
    # squares up to 81, hence ten times the rounding
    close(left.T @ left, np.diag([81.0, 16.0, 4.0]), rtol=0, atol=1e-8, what="U'ᵀ U'")


@test_case(
    points=1,
    hidden=True,
    failure_message="Keras trains in float32: no part may turn into float64 on the way.",
)
def test_float32(truncated_svd, low_rank_factors):
    """float32 weights give float32 parts"""
    weight, best = spectral_matrix(rng("float32"), (7, 5), (3.0, 2.0, 1.0, 0.5, 0.25))
    weight = weight.astype(np.float32)
    for part in arrays(truncated_svd(weight, 2), U=(7, 2), s=(2,), Vt=(2, 5)):
        dtype(part, "float32", "a part of the SVD")
    left, right = arrays(low_rank_factors(weight, 2), left=(7, 2), right=(2, 5))
    dtype(left, "float32", "U'")
    dtype(right, "float32", "Vᵀ")
    # float32 has 7 digits; entries are below 3
    close(left @ right, best[2], rtol=0, atol=1e-5, what="U' Vᵀ")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="A matrix may have fewer directions than columns: its last singular values "
    "are 0, and nothing may be divided by them.",
)
def test_deficient_rank(low_rank_factors):
    """A 7x5 matrix of rank 2 is exact from rank 2 on, and finite above"""
    weight, _ = spectral_matrix(rng("deficient"), (7, 5), (3.0, 1.0))
    for k in (2, 4):
        left, right = arrays(low_rank_factors(weight, k), left=(7, k), right=(k, 5))
        finite(left, "U'")
        finite(right, "Vᵀ")
        close(left @ right, weight, rtol=0, atol=ROUNDING, what=f"U' Vᵀ at rank {k}")

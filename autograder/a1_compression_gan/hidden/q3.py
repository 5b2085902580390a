"""q3: what truncation loses (hidden)."""

import numpy as np
from oracle import spectral_matrix
from otter.test_files import test_case

from kit.testing import close, rng

OK_FORMAT = False
name = "q3"
points = None

SIGMA = (6.0, 3.0, 2.0, 1.0, 0.5)
ROUNDING = 1e-6  # the values are around 1; a residual W - W_k rounds worse than singular values do


@test_case(
    points=1,
    hidden=True,
    failure_message="The error is the Frobenius norm of W - W_k: all the singular values that were "
    "left out count, squared, under one root.",
)
def test_error_is_the_tail(approximation_error):
    """The error is the norm of W minus its best approximation, for tall and for wide matrices"""
    for shape in ((9, 5), (5, 12)):
        weight, best = spectral_matrix(rng(f"error {shape}"), shape, SIGMA)
        for k in (1, 3, 4):
            expected = np.sqrt(np.sum((weight - best[k]) ** 2))
            error = approximation_error(weight, k)
            close(error, expected, rtol=0, atol=ROUNDING, what=f"the error at rank {k}")


@test_case(
    points=1,
    hidden=True,
    failure_message="Energy counts squares: ‖W_k‖² / ‖W‖², not the values themselves and no root.",
)
def test_energy_is_squared(energy_kept):
    """The energy kept is ‖W_k‖² / ‖W‖², for tall and for wide matrices"""
    for shape in ((9, 5), (5, 12)):
        weight, best = spectral_matrix(rng(f"energy {shape}"), shape, SIGMA)
        for k, scale in ((1, 1.0), (3, 0.01), (4, 1.0)):  # a share does not depend on the scale
            expected = np.sum(best[k] ** 2) / np.sum(weight**2)
            energy = energy_kept(scale * weight, k)
            close(energy, expected, rtol=0, atol=ROUNDING, what=f"the energy at rank {k}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Rank 0 keeps nothing, the full rank keeps everything. Slices from the end "
    "behave oddly at 0.",
)
def test_ends(approximation_error, energy_kept):
    """At rank 0 everything is lost, at the full rank nothing"""
    weight, _ = spectral_matrix(rng("ends"), (8, 5), SIGMA)
    norm = np.sqrt(np.sum(weight**2))
    close(approximation_error(weight, 0), norm, rtol=1e-6, what="the error at rank 0")
    close(approximation_error(weight, 5), 0, rtol=0, atol=ROUNDING, what="the error at rank 5")
    close(energy_kept(weight, 0), 0, rtol=0, atol=ROUNDING, what="the energy at rank 0")
    close(energy_kept(weight, 5), 1, rtol=1e-6, what="the energy at rank 5")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="0 / 0 is not a number; the docstring says what a matrix of zeros keeps.",
)
def test_zeros(approximation_error, energy_kept):
    """A matrix of zeros loses nothing: error 0.0, energy 1.0"""
    zeros = np.zeros((4, 3))
    close(approximation_error(zeros, 1), 0, rtol=0, atol=1e-12, what="the error")
    close(energy_kept(zeros, 1), 1, rtol=0, atol=1e-12, what="the energy")


@test_case(
    points=1,
    hidden=True,
    failure_message="Beyond the true rank of a matrix the error is 0 up to rounding; a difference "
    "of two large squares under a root may turn out negative there.",
)
def test_deficient_rank(approximation_error, energy_kept):
    """A matrix of rank 2 loses nothing from rank 2 on, and a number at any rank"""
    for seed in range(4):
        weight, _ = spectral_matrix(rng(f"deficient {seed}"), (9, 6), (3.0, 1.0))
        for k in (2, 3, 5):
            error, energy = approximation_error(weight, k), energy_kept(weight, k)
            close(error, 0, rtol=0, atol=ROUNDING, what=f"the error at rank {k}")
            close(energy, 1, rtol=0, atol=ROUNDING, what=f"the energy at rank {k}")

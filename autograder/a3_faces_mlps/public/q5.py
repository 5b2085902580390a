"""q5: missing pixels, and what can be done about them (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, dtype, equal, remote, shape, that, value

OK_FORMAT = False
name = "q5"
points = None

ROUNDING = 1e-9  # float64 on numbers around 1; far above any order of summation


@test_case(points=0.5, hidden=False)
def test_share(mask_pixels):
    """Of 20 pixels 14 are observed where a share of 0.3 is missing, in each face"""
    observed = mask_pixels((5, 20), 0.3, remote.numpy.random.default_rng(0))
    shape(observed, (5, 20), "the mask")
    dtype(observed, "bool", "the mask")
    equal(np.asarray(value(observed)).sum(axis=1), [14] * 5, "the observed pixels of each face")


@test_case(points=0.5, hidden=False)
def test_rescale(rescale_observed):
    """With half of the pixels missing the others are doubled"""
    faces, observed = np.array([[1.0, 2.0, 3.0, 4.0]]), np.array([[True, False, False, True]])
    close(rescale_observed(faces, observed), [[2, 0, 0, 8]], rtol=0, atol=ROUNDING)


@test_case(points=0.5, hidden=False)
def test_errors(masked_errors):
    """The error over all pixels, and over the missing ones"""
    faces, output = np.zeros((1, 4)), np.array([[1.0, 0.0, 0.0, 3.0]])
    errors = value(masked_errors(faces, output, np.array([[True, True, False, False]])))
    that(isinstance(errors, tuple | list) and len(errors) == 2, "expected two numbers")
    close(errors, [2.5, 4.5], rtol=1e-9, what="the errors")  # float64


@test_case(points=0.5, hidden=False)
def test_nothing_missing(gappy_reconstruct):
    """Where every pixel is observed it is the plain projection"""
    mean, basis = np.array([1.0, 2.0, 3.0]), np.array([[1.0], [0.0], [0.0]])
    faces = np.array([[5.0, 0.0], [6.0, 2.0], [7.0, 1.0]])
    expected = [[5.0, 0.0], [2.0, 2.0], [3.0, 3.0]]
    found = gappy_reconstruct(faces, np.ones((3, 2), bool), mean, basis)
    close(found, expected, rtol=0, atol=ROUNDING)

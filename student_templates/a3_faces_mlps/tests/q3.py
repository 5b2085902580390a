"""q3: eigenfaces by the economy SVD (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, shape, that, value

OK_FORMAT = False
name = "q3"
points = None

ROUNDING = 1e-9  # float64 on numbers around 1; far above any order of summation

# Four faces of three pixels, a face per column: around the mean (1, 2, 3) they differ by 2 along
# the first pixel and by 1 along the third.
FACES = np.array([[3.0, -1.0, 1.0, 1.0], [2.0, 2.0, 2.0, 2.0], [3.0, 3.0, 4.0, 2.0]])


@test_case(points=0.5, hidden=False)
def test_two_directions(eigenfaces):
    """The faces differ most along the first pixel, then along the third"""
    result = value(eigenfaces(FACES, 2))
    that(isinstance(result, tuple | list) and len(result) == 2, "expected mean and eigenfaces")
    close(result[0], [1.0, 2.0, 3.0], rtol=0, atol=ROUNDING, what="the mean face")
    shape(result[1], (3, 2), "the eigenfaces")
    size = np.abs(np.asarray(result[1], np.float64))
    close(size, [[1, 0], [0, 0], [0, 1]], rtol=0, atol=ROUNDING, what="their absolute values")


@test_case(points=0.5, hidden=False)
def test_one_direction_kept(pca_reconstruct):
    """With the first direction kept the third pixel is that of the mean face"""
    mean, basis = np.array([1.0, 2.0, 3.0]), np.array([[1.0], [0.0], [0.0]])
    expected = FACES.copy()
    expected[2] = 3.0
    close(pca_reconstruct(FACES, mean, basis), expected, rtol=0, atol=ROUNDING)

"""q10: precision and recall, density and coverage, duplicates (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, rng, value

OK_FORMAT = False
name = "q10"
points = None

REAL = np.array([[0.0], [1.0], [2.0], [10.0]])
FAKE = np.array([[0.5], [2.5], [30.0], [31.0]])


@test_case(points=0.5, hidden=False)
def test_precision_recall(precision_recall):
    """With balls to the next neighbour two of four fakes are precise, three real ones recalled"""
    # Real balls: [-1, 1], [0, 2], [1, 3], [2, 18]; fake ones: [-1.5, 2.5], [0.5, 4.5], [29, 31] ...
    close(precision_recall(REAL, FAKE, 1), (0.5, 0.75), rtol=1e-6, what="precision and recall")
    same = rng("same").standard_normal((9, 2))
    close(precision_recall(same, same, 2), (1.0, 1.0), rtol=1e-6, what="those of equal sets")


@test_case(points=0.25, hidden=False)
def test_density_coverage(density_coverage):
    """Four pairs of a fake and a ball among four fakes are density 1; every ball has one: 1"""
    # 0.5 is in the first two balls; 2.5 in the last two.
    close(density_coverage(REAL, FAKE, 1), (1.0, 1.0), rtol=1e-6, what="density and coverage")


@test_case(points=0.25, hidden=False)
def test_closest(closest_pairs):
    """Of four points the nearest two pairs are found with their distances"""
    points_ = np.array([[0.0, 0.0], [5.0, 0.0], [0.0, 1.0], [8.0, 0.0]])
    pairs = value(closest_pairs(points_, 2))
    equal([pair[:2] for pair in pairs], [(0, 2), (1, 3)], "the pairs")
    close([pair[2] for pair in pairs], [1.0, 3.0], rtol=1e-6, what="the distances")

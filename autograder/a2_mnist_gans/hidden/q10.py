"""q10: precision and recall, density and coverage, duplicates (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, equal, rng, that, value

OK_FORMAT = False
name = "q10"
points = None


def _sets(label, real=14, fake=10):
    """Two sets that overlap in part; no distance is near the radius of a ball by chance."""
    draw = rng(label)
    return draw.normal(size=(real, 3)), 1.3 * draw.normal(size=(fake, 3)) + [0.7, 0.0, 0.0]


@test_case(
    points=0.5,
    hidden=True,
    failure_message="precision: fakes in balls of the real set; recall: real ones in balls of the "
    "fakes; a point is not its own neighbour",
)
def test_both_directions(precision_recall):
    """Sets of 14 and 10 have the precision and recall that are counted point by point"""
    for k in (1, 3, 4):
        real, fake = _sets(f"k = {k}")
        precision = oracle.membership(fake, real, k).any(axis=1).mean()
        recall = oracle.membership(real, fake, k).any(axis=1).mean()
        found = precision_recall(real, fake, k)
        close(found, (precision, recall), rtol=1e-9, what=f"precision and recall, k = {k}")
    close(precision_recall(real, fake), precision_recall(real, fake, 3), rtol=1e-9, what="k is 3")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="the rim of a ball is inside, and equal points have distance 0",
)
def test_rims(precision_recall, density_coverage):
    """On a grid of whole numbers, points on a rim are inside; a repeated point is a neighbour"""
    real = np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 4.0], [20.0, 0.0]])
    fake = np.array([[-5.0, 0.0], [3.0, 4.0], [20.0, 17.0], [40.0, 0.0]])
    for k in (1, 2):
        members = oracle.membership(fake, real, k)
        recall = oracle.membership(real, fake, k).any(axis=1).mean()
        expected = members.any(axis=1).mean(), recall
        close(precision_recall(real, fake, k), expected, rtol=1e-9, what=f"with k = {k}")
        expected = members.sum() / (4 * k), members.any(axis=0).mean()
        close(density_coverage(real, fake, k), expected, rtol=1e-9, what=f"with k = {k}")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="far from 0, |x|² + |y|² - 2 x.y loses all its digits: subtract first",
)
def test_far_from_zero(precision_recall, density_coverage):
    """Sets that lie far from 0 have the same scores as near it"""
    real, fake = _sets("far")
    real, fake = np.round(real, 3), np.round(fake, 3)
    near = [precision_recall(real, fake, 2), density_coverage(real, fake, 2)]
    members = oracle.membership(fake, real, 2)
    expected = members.any(axis=1).mean(), oracle.membership(real, fake, 2).any(axis=1).mean()
    close(near[0], expected, rtol=1e-9, what="precision and recall")
    close(near[1], (members.sum() / 20, members.any(axis=0).mean()), rtol=1e-9, what="the others")
    shift = 2.0**24
    far = precision_recall(real + shift, fake + shift, 2)
    close(far, near[0], rtol=1e-9, what="precision and recall far away")
    far = density_coverage(real + shift, fake + shift, 2)
    close(far, near[1], rtol=1e-9, what="density and coverage far away")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="both by the balls of the real set; density over k times the fakes, coverage "
    "over the balls",
)
def test_density_and_coverage(density_coverage):
    """Sets of 14 and 10, and of 9 and 20, have the density and coverage that are counted"""
    for k, sizes in ((2, (14, 10)), (5, (9, 20))):
        real, fake = _sets(f"density {k}", *sizes)
        members = oracle.membership(fake, real, k)
        expected = members.sum() / (k * len(fake)), members.any(axis=0).mean()
        close(density_coverage(real, fake, k), expected, rtol=1e-9, what=f"with k = {k}")
    close(density_coverage(real, fake), expected, rtol=1e-9, what="those with k left out, 5")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="each pair once, i < j, nothing with itself, the nearest first",
)
def test_pairs_in_order(closest_pairs):
    """All 45 pairs of ten points come once, the nearest first; duplicates have distance 0"""
    features = rng("pairs").normal(size=(10, 4)).astype(np.float32)
    features[7] = features[2]
    for count in (1, 6, 45):
        pairs = value(closest_pairs(features, count))
        that(isinstance(pairs, list | tuple), "expected a list of pairs")
        equal(len(pairs), count, "the number of pairs")
        expected = oracle.all_pairs(features.astype(np.float64))[:count]
        equal([pair[:2] for pair in pairs], [(i, j) for _, i, j in expected], "the pairs")
        distances = [distance for distance, _, _ in expected]
        close([pair[2] for pair in pairs], distances, rtol=1e-4, atol=1e-6, what="the distances")

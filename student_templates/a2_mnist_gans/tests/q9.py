"""q9: success rate, inception score, Fréchet distance (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, rng, that, value

OK_FORMAT = False
name = "q9"
points = None


@test_case(points=0.25, hidden=False)
def test_success(success_rates):
    """Of two images of class 0 one is right, of one of class 1 none, class 2 was not asked for"""
    rates = value(success_rates(np.array([0, 0, 1]), np.array([0, 2, 0]), 3))
    close(rates[:2], [0.5, 0.0], rtol=1e-6, what="the rates")
    that(bool(np.isnan(rates[2])), f"the rate of a class that was never asked for is {rates[2]}")


@test_case(points=0.25, hidden=False)
def test_variation(total_variation):
    """Classes that come equally often have distance 0, one of four alone 3/4"""
    close(total_variation(np.array([0, 1, 2, 3]), 4), 0.0, rtol=0, atol=1e-9, what="the distance")
    close(total_variation(np.array([2, 2]), 4), 0.75, rtol=1e-6, what="the distance")


@test_case(points=0.25, hidden=False)
def test_inception(inception_score):
    """Sure answers of four classes score 4; rows that are all the same score 1"""
    close(inception_score(np.eye(4)), 4.0, rtol=1e-6, what="the score")
    close(inception_score(np.full((5, 4), 0.25)), 1.0, rtol=1e-6, what="the score")


@test_case(points=0.25, hidden=False)
def test_frechet(frechet_distance):
    """A set has distance 0 from itself, and 4 from itself moved by 2"""
    first = rng("features").standard_normal((20, 3))
    close(frechet_distance(first, first), 0.0, rtol=0, atol=1e-6, what="the distance")
    moved = first + np.array([0.0, 2.0, 0.0])
    close(frechet_distance(first, moved), 4.0, rtol=1e-6, what="the distance")

"""q11: two models on the same test images (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, raises, rng, that, value

OK_FORMAT = False
name = "q11"
points = None


def two_numbers(result):
    """The two numbers of a result."""
    found = value(result)
    that(isinstance(found, tuple | list) and len(found) == 2, "expected two numbers")
    return found


@test_case(
    points=1,
    hidden=True,
    failure_message="Positive where the second is better; only images on which the two differ "
    "enter the error.",
)
def test_image_by_image(accuracy_difference):
    """Differences of many images in both directions, against the mean of one per image"""
    draw = rng("images")
    for label, better in (("second", 0.9), ("first", 0.6)):
        first = draw.random(400) < 0.8
        second = np.where(draw.random(400) < 0.3, draw.random(400) < better, first)
        difference, error = oracle.paired_difference(first, second)
        found = two_numbers(accuracy_difference(first, second))
        close(found[0], difference, rtol=1e-9, atol=1e-12, what=f"the lead, better: {label}")
        close(found[1], error, rtol=1e-9, what=f"the standard error, better: {label}")


@test_case(
    points=1,
    hidden=True,
    failure_message="The same answers have no difference and no error; a model that is right where "
    "the other is wrong leads by 1 or -1; other lengths are other images.",
)
def test_extremes(accuracy_difference):
    """Equal answers, opposite ones, and different numbers of images"""
    right = np.array([1, 0, 1, 1], bool)
    close(two_numbers(accuracy_difference(right, right)), [0, 0], rtol=0, atol=1e-12)
    all_right, all_wrong = np.ones(5, bool), np.zeros(5, bool)
    close(two_numbers(accuracy_difference(all_wrong, all_right)), [1, 0], rtol=0, atol=1e-12)
    close(two_numbers(accuracy_difference(all_right, all_wrong)), [-1, 0], rtol=0, atol=1e-12)
    raises(ValueError, accuracy_difference, right, all_right)
    raises(ValueError, accuracy_difference, right, right[:1])

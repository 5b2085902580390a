"""q1: AddNIST, made of single digits (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import equal, remote, shape, that, value

OK_FORMAT = False
name = "q1"
points = None


@test_case(points=0.5, hidden=False)
def test_sums(sum_label):
    """A one and two zeros are class 0; digits that add up to 20 are class 19"""
    equal(sum_label(np.array([[0, 1, 0], [9, 2, 9], [3, 3, 4]])), [0, 19, 9], "the classes")


@test_case(points=0.5, hidden=False)
def test_how_many_triples(digit_triples):
    """Class 0 has 3 triples, class 1 has 6, class 13 has 75"""
    for label, count in ((0, 3), (1, 6), (13, 75)):
        shape(digit_triples(label), (count, 3), f"the triples of class {label}")


@test_case(points=1, hidden=False)
def test_two_splits(build_addnist):
    """From 200 single digits come two splits with 3 and 1 images of each class"""
    digits = np.arange(200) % 10
    images = np.repeat(digits, 6).reshape(200, 2, 3).astype(np.uint8)  # all its pixels say which
    found = value(build_addnist(images, digits, (3, 1), remote.numpy.random.default_rng(0)))
    equal(len(found), 2, "the number of splits")
    for (split, labels), count in zip(found, (3, 1), strict=True):
        shape(split, (20 * count, 3, 2, 3), "the images of a split")
        equal(np.bincount(labels, minlength=20), [count] * 20, "how often each class comes")
        sums = split[:, :, 0, 0].astype(int).sum(axis=1)
        that(bool(np.all(sums == labels + 1)), "the digits of an image do not add up to its class")

"""q11: sets of real and synthetic digits (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import equal, remote, that, value

OK_FORMAT = False
name = "q11"
points = None

FIRST = """
def first(labels, portion):
    return list(range(round(portion * len(labels))))
"""
LABELS = np.repeat([0, 1, 2], [10, 20, 30])


@test_case(points=0.25, hidden=False)
def test_portion(choose_portion):
    """Half of 10, 20 and 30 examples are 5, 10 and 15, no row twice"""
    rows = value(choose_portion(LABELS, 0.5, remote.numpy.random.default_rng(1)))
    equal(np.bincount(LABELS[rows]), [5, 10, 15], "how many of each class")
    equal(len(set(rows.tolist())), 30, "the number of different rows")


@test_case(points=0.25, hidden=False)
def test_few(choose_per_class):
    """Four of each class are twelve different rows"""
    rows = value(choose_per_class(LABELS, 4, remote.numpy.random.default_rng(2)))
    equal(np.bincount(LABELS[rows]), [4, 4, 4], "how many of each class")
    equal(len(set(rows.tolist())), 12, "the number of different rows")


@test_case(points=0.25, hidden=False)
def test_mixed(mix_sets):
    """Half of four real and all of two synthetic images are four, labels along with them"""
    real = np.arange(4.0), np.arange(4)
    synthetic = np.array([10.0, 11.0]), np.array([10, 11])
    choose = remote.define(FIRST).first
    images, labels = value(mix_sets(real, synthetic, 0.5, 1.0, choose))
    equal(images, [0, 1, 10, 11], "the images")
    equal(labels, [0, 1, 10, 11], "the labels")


@test_case(points=0.25, hidden=False)
def test_confident(filter_confident):
    """Kept is who is taken for what it should be, with the threshold or more"""
    probabilities = np.array([[0.9, 0.1], [0.75, 0.25], [0.05, 0.95]])
    kept = value(filter_confident(probabilities, np.array([0, 0, 1]), 0.8))
    equal(kept, [0, 2], "the rows")
    that(len(value(filter_confident(probabilities, np.array([0, 0, 1]), 0.5))) == 3, "not all kept")

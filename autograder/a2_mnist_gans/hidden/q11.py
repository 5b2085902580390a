"""q11: sets of real and synthetic digits (hidden)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import equal, raises, remote, rng, statistical, that, value

OK_FORMAT = False
name = "q11"
points = None

HELPERS = """
import numpy as np

asked = []

def choose(labels, portion):
    asked.append((labels.tolist(), portion))
    return np.arange(len(labels))[::-1][: int(portion * 10)]
"""


def _labels(label):
    """Labels of four classes in random order; one of the classes is not there."""
    return rng(label).permutation(np.repeat([0, 1, 4, 7], [9, 25, 14, 40]))


def _check_rows(rows, what):
    that(isinstance(rows, np.ndarray) and rows.dtype.kind == "i", f"{what} are no integers")
    that(bool(np.all(np.diff(rows) > 0)), f"{what} do not rise, or come twice")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="round(portion * c) of every class, random, without replacement, sorted",
)
@statistical(1e-9, "44 of 88 rows drawn twice the same, or the first ones of each class")
def test_portions_of_classes(choose_portion):
    """Every class gives its rounded portion, other rows each time; 0 and 1 are portions too"""
    labels = _labels("portions")
    generator = remote.numpy.random.default_rng(int(rng("seed").integers(2**31)))
    drawn = []
    for portion, counts in ((0.5, (4, 12, 7, 20)), (0.1, (1, 2, 1, 4)), (0.83, (7, 21, 12, 33))):
        rows = value(choose_portion(labels, portion, generator))
        _check_rows(rows, "the rows")
        found = [int(np.sum(labels[rows] == label)) for label in (0, 1, 4, 7)]
        equal(found, counts, f"how many of each class at {portion}")
        drawn.append(rows)
    again = value(choose_portion(labels, 0.5, generator))
    that(not np.array_equal(again, drawn[0]), "two calls chose the same rows")
    for label in (1, 7):
        own = np.flatnonzero(labels == label)
        chosen = np.intersect1d(own, drawn[0])
        that(not np.array_equal(chosen, own[: len(chosen)]), f"the first rows of {label}")
    equal(len(value(choose_portion(labels, 0, generator))), 0, "the number of rows at 0")
    equal(choose_portion(labels, 1.0, generator), np.arange(88), "the rows at 1")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="ValueError for a portion outside [0, 1]; one seed gives one choice",
)
def test_wrong_portions(choose_portion):
    """Portions below 0 and above 1 are refused, and one seed gives the same rows again"""
    labels, generator = _labels("wrong"), remote.numpy.random.default_rng
    for portion in (-0.1, 1.01, 20):
        raises(ValueError, choose_portion, labels, portion, generator(1))
    first, second = (value(choose_portion(labels, 0.4, generator(3))) for _ in range(2))
    equal(second, first, "the rows of the same seed")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="count rows of every class that occurs, random, without replacement, sorted; "
    "ValueError where a class has fewer",
)
@statistical(1e-9, "16 random rows twice the same, or the first ones of each class")
def test_few_of_each(choose_per_class):
    """Each class that occurs gives so many different rows; a class that has fewer is an error"""
    labels, seeded = _labels("few"), remote.numpy.random.default_rng
    seed = int(rng("seed").integers(2**31))
    generator = seeded(seed)
    drawn = [value(choose_per_class(labels, 4, generator)) for _ in range(2)]
    for rows in drawn:
        _check_rows(rows, "the rows")
        equal(np.bincount(labels[rows], minlength=8), [4, 4, 0, 0, 4, 0, 0, 4], "how many of each")
    that(not np.array_equal(*drawn), "two calls chose the same rows")
    equal(choose_per_class(labels, 4, seeded(seed)), drawn[0], "the rows of one seed")
    equal(len(value(choose_per_class(labels, 9, generator))), 36, "the number of rows, nine each")
    raises(ValueError, choose_per_class, labels, 10, generator)
    own = np.flatnonzero(labels == 7)
    first = [value(choose_per_class(labels, 4, generator)) for _ in range(3)]
    that(any(not set(own[:4]) <= set(rows.tolist()) for rows in first), "the first rows of a class")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="choose(labels, portion) for each set with its own portion; real ones first",
)
def test_mixed_in_order(mix_sets):
    """Each set is asked for its own portion, and its rows come in the order chosen"""
    draw = rng("mix")
    helper = remote.define(HELPERS)
    real = draw.normal(size=(9, 2, 2, 1)).astype(np.float32), draw.integers(0, 10, 9)
    synthetic = draw.normal(size=(7, 2, 2, 1)).astype(np.float32), draw.integers(0, 10, 7)
    images, labels = value(mix_sets(real, synthetic, 0.3, 0.5, helper.choose))
    rows = [8, 7, 6], [6, 5, 4, 3, 2]
    equal(labels, np.concatenate([real[1][rows[0]], synthetic[1][rows[1]]]), "the labels")
    equal(images, np.concatenate([real[0][rows[0]], synthetic[0][rows[1]]]), "the images")
    asked = value(helper.asked)
    equal([portion for _, portion in asked], [0.3, 0.5], "the portions asked for")
    equal(asked[0][0], real[1], "the labels shown with the first portion")
    equal(asked[1][0], synthetic[1], "the labels shown with the second portion")
    only, _ = value(mix_sets(real, synthetic, 0.0, 0.2, helper.choose))
    equal(only, synthetic[0][[6, 5]], "the images without real ones")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="the most probable class must be the label, and have at least the threshold",
)
def test_sure_of_another(filter_confident):
    """A digit surely taken for another is dropped, and the threshold itself is kept"""
    draw = rng("sure")
    probabilities = draw.dirichlet(np.full(5, 0.2), 60)
    labels = np.where(draw.uniform(size=60) < 0.6, probabilities.argmax(axis=1), 2)
    probabilities[7], labels[7] = [0.0, 0.75, 0.25, 0.0, 0.0], 1
    for threshold in (0.75, 0.9, 0.0):
        expected = [
            row
            for row, (chances, label) in enumerate(zip(probabilities, labels, strict=True))
            if chances[label] == max(chances) and chances[label] >= threshold
        ]
        equal(filter_confident(probabilities, labels, threshold), expected, f"rows at {threshold}")
    nine = value(filter_confident(probabilities, labels))
    equal(nine, value(filter_confident(probabilities, labels, 0.9)), "the rows by default")

"""q1: AddNIST, made of single digits (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import averages, dtype, equal, raises, remote, rng, shape, statistical, that, value

OK_FORMAT = False
name = "q1"
points = None


def generator(label):
    """A generator beside the student's code; its seed is drawn here."""
    return remote.numpy.random.default_rng(int(rng(label).integers(2**31)))


def numbered(digits):
    """Images (n, 1, 2) of bytes that say which one each is."""
    rows = np.arange(len(digits))
    return np.stack([rows // 256, rows % 256], axis=1).astype(np.uint8)[:, None]


def shown_images(split):
    """From the images (m, 3, 1, 2) of a split to the rows (m, 3) that they were made of."""
    return split[:, :, 0, 0].astype(int) * 256 + split[:, :, 0, 1]


@test_case(
    points=0.5,
    hidden=True,
    failure_message="int64 for digits of any type, of which bytes must not overflow; no class for "
    "sums of 0 and above 20.",
)
def test_bytes_and_no_class(sum_label):
    """Digits as bytes; sums that are no class"""
    digits = np.array(sorted(oracle.triples(19) | oracle.triples(12) | oracle.triples(0)))
    digits = digits[rng("digits").permutation(len(digits))].astype(np.uint8)
    found = sum_label(digits)
    dtype(found, "int64", "the classes")
    equal(found, [sum(map(int, row)) - 1 for row in digits], "the classes")
    for wrong in ([0, 0, 0], [9, 9, 3], [9, 9, 9]):
        raises(ValueError, sum_label, np.array([[1, 2, 3], wrong], dtype=np.uint8))


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Every order is a triple of its own; no digit is above 9; none comes twice.",
)
def test_every_triple(digit_triples):
    """The triples of all classes, each once"""
    for label in range(20):
        found = np.asarray(value(digit_triples(label)))
        wanted = oracle.triples(label)
        shape(found, (len(wanted), 3), f"the triples of class {label}")
        same = {tuple(map(int, row)) for row in found} == wanted
        that(same, f"the triples of class {label} are not those that add up to {label + 1}")


@test_case(
    points=0.75,
    hidden=True,
    failure_message="No image may come twice, neither within a split nor in two of them; where a "
    "class does not have enough, ValueError.",
)
def test_nothing_twice(build_addnist):
    """One image of each digit is enough for three of each class, and not for four"""
    digits = rng("order").permutation(10)
    found = value(build_addnist(numbered(digits), digits, (2, 1), generator("twice")))
    rows = np.concatenate([shown_images(split) for split, _ in found])
    shape(rows, (60, 3), "the images of both splits")
    equal(len({tuple(row) for row in rows.tolist()}), 60, "the number of different images")
    for sizes in ((2, 2), (4,)):
        raises(ValueError, build_addnist, numbered(digits), digits, sizes, generator("more"))
    twelve = np.append(digits, 0)  # with a second zero class 0 has 3 * 4 images, and no class fewer
    ((split, _),) = value(build_addnist(numbered(twelve), twelve, (12,), generator("twelve")))
    equal(len({tuple(row) for row in shown_images(split).tolist()}), 240, "the images of two zeros")
    raises(ValueError, build_addnist, numbered(twelve), twelve, (13,), generator("more"))


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Images keep their pixels and their type; a split is shuffled; the sizes are "
    "used in their order.",
)
def test_images_as_they_are(build_addnist):
    """Three splits of images of numbers that are no bytes, in a random order"""
    digits = rng("digits").permutation(np.arange(80) % 10)
    images = rng("images").normal(size=(80, 3, 2)).astype(np.float32)
    index = {image.tobytes(): row for row, image in enumerate(images)}
    found = value(build_addnist(images, digits, (5, 2, 9), generator("as they are")))
    equal([len(labels) for _, labels in found], [100, 40, 180], "the sizes of the splits")
    for split, labels in found:
        dtype(split, "float32", "the images")
        dtype(labels, "int64", "the classes")
        rows = [[index.get(channel.tobytes(), -1) for channel in image] for image in split]
        that(min(map(min, rows)) >= 0, "a channel is none of the images given")
        equal(digits[np.array(rows)].sum(axis=1) - 1, labels, "the classes of the images")
        changes = int(np.sum(labels[1:] != labels[:-1]))
        that(changes > 19, "the images are in the order of their classes")


@test_case(
    points=0.75,
    hidden=True,
    failure_message="Draw one of the triples of the class first, all equally likely, then an image "
    "for each of its digits; everything from the generator.",
)
@statistical(2e-9, "its two checks of means, 1e-9 each; of 8000 images or more of each triple few "
             "are drawn, so hardly one is ruled out")  # fmt: skip
def test_equally_likely(build_addnist):
    """Frequent digits are no more frequent in the sums, and every image is used alike"""
    digits = np.concatenate([np.zeros(80, int), np.arange(200) % 10])
    images = numbered(digits)
    (split, labels), again = (
        value(build_addnist(images, digits, (200,), generator("likely")))[0] for _ in range(2)
    )
    rows = shown_images(split)
    first = (digits[rows[:, :1]] == np.arange(10)).astype(float)
    expected = np.stack([oracle.first_digit(label) for label in range(20)])[labels]
    averages(
        first - expected, 0.0, variance=0.25, tail=1, false_fail=1e-9,
        what="how often a digit is the first one",
    )  # fmt: skip
    half = np.array([row < np.median(np.flatnonzero(digits == digits[row])) for row in rows[:, 1]])
    averages(
        half.astype(float), 0.5, variance=0.25, tail=1, false_fail=1e-9,
        what="how often an image is of the first half of those of its digit",
    )  # fmt: skip
    equal(again[0], split, "the images from a generator with the same seed")

"""q9: validation split and normalisation (hidden)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, raises, remote, rng, statistical, that, value

OK_FORMAT = False
name = "q9"
points = None

ROUNDING = 1e-5  # float32 numbers of size 1 to 10


def _generator(label):
    """A generator beside the student's code; its seed is drawn here."""
    return remote.numpy.random.default_rng(int(rng(label).integers(2**31)))


def _numbered(count):
    """Images whose corner pixel is their number, and labels that are a function of the number."""
    images = rng("numbered").integers(0, 255, (count, 3, 2))
    images[:, 0, 0] = np.arange(count)
    return images, np.arange(count) % 7


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Index images and labels by the same permutation, and take each index once.",
)
def test_labels_follow(split_validation):
    """Each image keeps its label and its pixels, and no image is in both sets"""
    images, labels = _numbered(60)
    passed = remote.numpy.array(images), remote.numpy.array(labels)
    parts = value(split_validation(*passed, 25, _generator("follow")))
    seen = []
    for part, size in zip(parts, (35, 25), strict=True):
        found, their_labels = part
        equal(len(found), size, "the number of images of a part")
        order = np.clip(found[:, 0, 0].astype(int), 0, 59)
        equal(found, images[order], "the images of a part")
        equal(their_labels, labels[order], "the labels of a part")
        seen += order.tolist()
    equal(np.sort(seen), np.arange(60), "the numbers of all images, sorted,")
    equal(passed[0], images, "the images that were passed in")
    equal(passed[1], labels, "the labels that were passed in")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="The images set aside are a random choice, drawn from the generator passed; "
    "a count of 0 or of all is a ValueError.",
)
@statistical(1e-9, "one of 5e16 choices of 30 of 60 images comes up where another is meant")
def test_random_choice(split_validation):
    """The choice is random, and repeats with the generator; nothing or all is a ValueError"""
    images, labels = _numbered(60)

    def aside(generator):
        parts = value(split_validation(images, labels, 30, generator))
        return sorted(parts[1][0][:, 0, 0].tolist())

    generator = _generator("random")
    first, second = aside(generator), aside(generator)
    equal(aside(_generator("random")), first, "the choice of a generator with the same seed")
    that(first != second, "a second call chose the same images")
    that(aside(_generator("another")) != first, "another generator chose the same images")
    that(first != list(range(30)), "the first images were set aside")
    that(first != list(range(30, 60)), "the last images were set aside")
    for count in (1, 59):
        _, (_, found) = value(split_validation(images, labels, count, generator))
        equal(len(found), count, "the number of labels set aside")
    for count in (0, -1, 60, 61):
        raises(ValueError, split_validation, images, labels, count, generator)


@test_case(
    points=0.25,
    hidden=True,
    failure_message="One mean and one deviation of all pixels, scaled by 255; no deviation per "
    "image and none divided by the count less one.",
)
def test_statistics(pixel_statistics):
    """Mean and deviation of a few dark pixels, over all images together"""
    images = rng("statistics").integers(3, 90, (2, 3, 2)).astype(np.uint8)
    images[1] += 100
    scaled = [float(pixel) / 255 for pixel in images.ravel()]
    mean = sum(scaled) / 12
    variance = sum((pixel - mean) ** 2 for pixel in scaled) / 12
    found = value(pixel_statistics(images))
    close(found[0], mean, rtol=0, atol=ROUNDING, what="the mean")
    close(found[1], np.sqrt(variance), rtol=0, atol=ROUNDING, what="the deviation")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Use the mean and the deviation that are passed, on every image alike; rows "
    "of pixels follow each other; copy before you change.",
)
def test_rows(preprocess_images):
    """Every pixel goes to its place in the row, normalised by the statistics that are passed"""
    images = rng("rows").integers(20, 200, (3, 28, 28)).astype(np.uint8)
    passed = remote.numpy.array(images)
    rows = preprocess_images(passed, 0.13, 0.31)
    expected = np.empty((3, 784))
    for y in range(28):
        for x in range(28):
            expected[:, 28 * y + x] = (images[:, y, x] / 255.0 - 0.13) / 0.31
    close(rows, expected, rtol=0, atol=ROUNDING, what="the rows")
    equal(passed, images, "the images that were passed in")

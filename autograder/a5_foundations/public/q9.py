"""q9: validation split and normalisation (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, dtype, equal, remote, shape, value

OK_FORMAT = False
name = "q9"
points = None

ROUNDING = 1e-5  # float32


@test_case(points=0.5, hidden=False)
def test_every_image_once(split_validation):
    """Of ten images three are set aside, and every image is in one of the two sets"""
    images, labels = np.arange(10).repeat(4).reshape(10, 2, 2), np.arange(10)
    parts = value(split_validation(images, labels, 3, remote.numpy.random.default_rng(1)))
    (train, train_labels), (aside, aside_labels) = parts
    shape(train, (7, 2, 2), "the images to train on")
    shape(aside, (3, 2, 2), "the images set aside")
    both = np.sort(np.concatenate([train[:, 0, 0], aside[:, 0, 0]]))
    equal(both, np.arange(10), "the numbers of all images, sorted,")
    equal(np.sort(np.concatenate([train_labels, aside_labels])), np.arange(10), "the labels")


@test_case(points=0.5, hidden=False)
def test_statistics_example(pixel_statistics):
    """Half of the pixels 0 and half 255: the mean is 0.5 and the deviation 0.5"""
    images = np.repeat([0, 255], 784).astype(np.uint8).reshape(2, 28, 28)
    mean, deviation = value(pixel_statistics(images))
    close(mean, 0.5, rtol=0, atol=ROUNDING, what="the mean")
    close(deviation, 0.5, rtol=0, atol=ROUNDING, what="the deviation")


@test_case(points=0.5, hidden=False)
def test_rows_example(preprocess_images):
    """Images become float32 rows of 784 numbers: (pixel / 255 - mean) / deviation"""
    images = np.repeat([0, 51, 255], 784).astype(np.uint8).reshape(3, 28, 28)
    rows = preprocess_images(images, 0.2, 0.5)
    dtype(rows, "float32", "the rows")
    expected = np.repeat([[-0.4], [0.0], [1.6]], 784, axis=1)
    close(rows, expected, rtol=0, atol=ROUNDING, what="the rows")

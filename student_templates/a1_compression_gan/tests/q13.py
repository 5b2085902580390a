"""q13: labels and the shuffled batch of 2B images (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import equal, remote, rng, shape, value

OK_FORMAT = False
name = "q13"
points = None


@test_case(points=1, hidden=False)
def test_hard_labels(gan_labels):
    """The labels of 2 real and 3 fake images are a column of two ones and three zeros"""
    labels = gan_labels(2, 3)
    shape(labels, (5, 1), "the labels")
    equal(labels, [[1.0], [1.0], [0.0], [0.0], [0.0]], "the labels")


@test_case(points=1, hidden=False)
def test_every_image_once(mixed_batch):
    """A mixed batch of 4 real and 4 fake images holds every image once, and 8 labels"""
    images = rng("images").uniform(-1, 1, (8, 3, 3, 1)).astype(np.float32)
    images[:, 0, 0, 0] = np.arange(8)  # the corner pixel is an image's number
    labels = np.repeat([1.0, 0.0], 4)[:, None].astype(np.float32)
    batch = mixed_batch(images[:4], images[4:], labels, remote.numpy.random.default_rng(5))
    mixed, targets = value(batch)
    shape(mixed, (8, 3, 3, 1), "the images")
    shape(targets, (8, 1), "the labels")
    equal(np.sort(mixed[:, 0, 0, 0]), np.arange(8), "the numbers of the images, sorted,")

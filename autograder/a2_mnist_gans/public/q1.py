"""q1: images, noise and labels (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, dtype, equal, remote, shape, value

OK_FORMAT = False
name = "q1"
points = None


@test_case(points=0.25, hidden=False)
def test_scale(scale_images):
    """Levels 0, 127.5 and 255 become -1, 0 and 1, with a channel axis"""
    images = np.full((2, 28, 28), 255, np.uint8)
    images[1] = 0
    scaled = scale_images(images)
    shape(scaled, (2, 28, 28, 1), "the images")
    close(value(scaled)[:, 0, 0, 0], [1.0, -1.0], rtol=0, atol=1e-6, what="white and black")


@test_case(points=0.25, hidden=False)
def test_unscale(unscale_images):
    """-1, 0.2 and 1 become levels 0, 153 and 255"""
    images = np.full((3, 28, 28, 1), -1.0, np.float32)
    images[1], images[2] = 0.2, 1.0
    levels = unscale_images(images)
    shape(levels, (3, 28, 28), "the images")
    dtype(levels, "uint8", "the images")
    equal(value(levels)[:, 5, 5], [0, 153, 255], "the levels")


@test_case(points=0.25, hidden=False)
def test_noise(sample_noise):
    """Noise has the shape asked for, in float32"""
    noise = sample_noise(5, 64, remote.numpy.random.default_rng(1))
    shape(noise, (5, 64), "the noise")
    dtype(noise, "float32", "the noise")


@test_case(points=0.25, hidden=False)
def test_labels(sample_labels):
    """Of 40 labels each of 10 classes gets four"""
    labels = sample_labels(40, 10, remote.numpy.random.default_rng(2))
    shape(labels, (40,), "the labels")
    equal(np.sort(value(labels)), np.repeat(np.arange(10), 4), "the labels in order")

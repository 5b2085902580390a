"""q8: pre-processing, latent noise and instance noise (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, dtype, remote, rng, shape

OK_FORMAT = False
name = "q8"
points = None


@test_case(points=1, hidden=False)
def test_scaled_images(scale_images):
    """Scaled images have a channel axis, and level 0 becomes -1 and level 255 becomes 1"""
    images = np.zeros((3, 28, 28), np.uint8)
    images[1] = 255
    scaled = scale_images(images)
    shape(scaled, (3, 28, 28, 1), "the scaled images")
    dtype(scaled, "float32", "the scaled images")
    # 1e-6 is a few roundings of float32 at 1.
    expected = np.repeat([-1.0, 1.0, -1.0], 784).reshape(3, 28, 28, 1)
    close(scaled, expected, rtol=0, atol=1e-6, what="the scaled images")


@test_case(points=0.5, hidden=False)
def test_noise_shape(sample_noise):
    """Noise for 5 images in 12 dimensions is a float32 array of shape (5, 12)"""
    noise = sample_noise(5, 12, remote.numpy.random.default_rng(3))
    shape(noise, (5, 12), "the noise")
    dtype(noise, "float32", "the noise")


@test_case(points=0.5, hidden=False)
def test_no_instance_noise(add_instance_noise):
    """Instance noise of standard deviation 0 gives the images back"""
    images = rng("images").uniform(-1, 1, (4, 28, 28, 1)).astype(np.float32)
    noisy = add_instance_noise(images.copy(), 0.0, remote.numpy.random.default_rng(3))
    # 1e-6 is a few roundings of float32 at 1; no rounding at all is expected.
    close(noisy, images, rtol=0, atol=1e-6, what="the images")

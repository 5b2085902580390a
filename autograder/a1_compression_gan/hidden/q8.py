"""q8: pre-processing, latent noise and instance noise (hidden)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, dtype, equal, remote, rng, shape, that, value

OK_FORMAT = False
name = "q8"
points = None


def _generator(label):
    """A generator beside the student's code; its seed is drawn here."""
    return remote.numpy.random.default_rng(int(rng(label).integers(2**31)))


@test_case(
    points=1,
    hidden=True,
    failure_message="scale by the fixed range 0..255, not by the extremes of the images passed",
)
def test_every_level(scale_images):
    """Every grey level keeps its place on the line from -1 to 1, whatever else is in the batch"""
    levels = rng("levels").integers(20, 200, (7, 28, 28)).astype(np.uint8)
    passed = remote.numpy.array(levels)
    # 1e-6 is a few roundings of float32 in [-1, 1].
    scaled = scale_images(passed)
    close(scaled, 2.0 * levels[..., None] / 255 - 1, rtol=0, atol=1e-6, what="the scaled images")
    equal(passed, levels, "the array that was passed in")


@test_case(
    points=1,
    hidden=True,
    failure_message="each coordinate is normal with mean 0 and variance 1, independent of the rest",
)
def test_standard_normal(sample_noise):
    """The noise is standard normal in every dimension, and the dimensions are independent"""
    noise = value(sample_noise(4000, 25, _generator("normal"))).astype(np.float64)
    shape(noise, (4000, 25), "the noise")
    # 1e5 draws: the standard errors of the four are 0.0032, 0.0045, 0.031 and (worst of 300
    # pairs, each) 0.016. Six of them and more: an honest answer fails with probability < 1e-6.
    close(noise.mean(), 0.0, rtol=0, atol=0.02, what="the mean of the noise")
    close((noise**2).mean(), 1.0, rtol=0, atol=0.03, what="the variance of the noise")
    close((noise**4).mean(), 3.0, rtol=0, atol=0.25, what="the fourth moment of the noise")
    covariance = noise.T @ noise / 4000 - np.diag((noise**2).mean(0))
    close(covariance, np.zeros((25, 25)), rtol=0, atol=0.11, what="the covariance of dimensions")


@test_case(
    points=1,
    hidden=True,
    failure_message="draw from the generator that is passed, and from nothing else",
)
def test_noise_comes_from_the_generator(sample_noise):
    """The same generator gives the same noise again, and a second call gives fresh noise"""
    generator = _generator("repeat")
    first, second = (value(sample_noise(6, 8, generator)) for _ in range(2))
    again = sample_noise(6, 8, _generator("repeat"))
    other = value(sample_noise(6, 8, _generator("another seed")))
    equal(again, first, "the noise from a generator with the same seed")
    that(not np.isclose(first, second).any(), "a second call gave the same noise")
    that(not np.isclose(first, other).any(), "another generator gave the same noise")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="sigma is a standard deviation, and every pixel gets noise of its own",
)
def test_instance_noise_distribution(add_instance_noise):
    """Instance noise has mean 0 and standard deviation sigma, independent in every pixel"""
    images = rng("images").uniform(-1, 1, (200, 28, 28, 1)).astype(np.float32)
    noisy = value(add_instance_noise(images.copy(), 0.3, _generator("instance")))
    shape(noisy, (200, 28, 28, 1), "the noisy images")
    noise = (noisy.astype(np.float64) - images).reshape(200, 784) / 0.3
    # 156,800 draws: standard errors 0.0025 and 0.0036 for the mean and the variance. The sums
    # over images and over pixels have variance 1 within 0.05 and 0.1. Six of each, < 1e-6.
    close(noise.mean(), 0.0, rtol=0, atol=0.016, what="the mean of the noise over sigma")
    close((noise**2).mean(), 1.0, rtol=0, atol=0.022, what="the variance of the noise over sigma^2")
    close((noise.sum(0) ** 2).mean() / 200, 1.0, rtol=0, atol=0.4, what="the spread over images")
    close((noise.sum(1) ** 2).mean() / 784, 1.0, rtol=0, atol=0.8, what="the spread over pixels")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="return a new float32 array: += changes the caller's images",
)
def test_instance_noise_leaves_its_input(add_instance_noise):
    """Instance noise leaves its input alone, is float32, and repeats with the same generator"""
    images = rng("untouched").uniform(-1, 1, (3, 28, 28, 1)).astype(np.float32)
    passed = remote.numpy.array(images)
    noisy = value(add_instance_noise(passed, 0.1, _generator("twice")))
    equal(passed, images, "the array that was passed in")
    dtype(noisy, "float32", "the noisy images")
    again = add_instance_noise(images, 0.1, _generator("twice"))
    equal(again, noisy, "the noise from a generator with the same seed")

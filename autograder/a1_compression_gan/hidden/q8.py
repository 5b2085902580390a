"""q8: pre-processing, latent noise and instance noise (hidden)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import (
    averages,
    close,
    dtype,
    equal,
    normal,
    remote,
    rng,
    shape,
    statistical,
    that,
    value,
)

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
@statistical(4e-9, "the bounds of its four checks, 1e-9 each")
def test_standard_normal(sample_noise):
    """The noise is standard normal in every dimension, and the dimensions are independent"""
    noise = value(sample_noise(4000, 25, _generator("normal"))).astype(np.float64)
    shape(noise, (4000, 25), "the noise")
    normal(noise, false_fail=1e-9, what="the noise")
    draws = noise.ravel()
    averages(draws, 0.0, variance=1, false_fail=1e-9, what="the mean of the noise")
    averages(draws**2, 1.0, variance=2, tail=2, false_fail=1e-9, what="the variance of the noise")
    one, other = np.triu_indices(25, 1)  # every pair of dimensions
    products = noise[:, one] * noise[:, other]
    averages(products, 0.0, variance=1, tail=1, false_fail=1e-9, what="the covariance")


@test_case(
    points=1,
    hidden=True,
    failure_message="draw from the generator that is passed, and from nothing else",
)
@statistical(1e-9, "two seeds of 31 bits are one seed once in 2e9; half of 48 draws never agree")
def test_noise_comes_from_the_generator(sample_noise):
    """The same generator gives the same noise again, and a second call gives fresh noise"""
    generator = _generator("repeat")
    first, second = (value(sample_noise(6, 8, generator)) for _ in range(2))
    again = sample_noise(6, 8, _generator("repeat"))
    other = value(sample_noise(6, 8, _generator("another seed")))
    equal(again, first, "the noise from a generator with the same seed")
    # Of 48 pairs of draws one or two may well agree to five digits: that is chance.
    that(np.isclose(first, second).mean() < 0.5, "a second call gave the same noise")
    that(np.isclose(first, other).mean() < 0.5, "another generator gave the same noise")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="sigma is a standard deviation, and every pixel gets noise of its own",
)
@statistical(5e-9, "the bounds of its five checks, 1e-9 each")
def test_instance_noise_distribution(add_instance_noise):
    """Instance noise has mean 0 and standard deviation sigma, independent in every pixel"""
    images = rng("images").uniform(-1, 1, (200, 28, 28, 1)).astype(np.float32)
    noisy = value(add_instance_noise(images.copy(), 0.3, _generator("instance")))
    shape(noisy, (200, 28, 28, 1), "the noisy images")
    noise = (noisy.astype(np.float64) - images).reshape(200, 784) / 0.3
    normal(noise, false_fail=1e-9, what="the noise over sigma")
    averages(noise.ravel(), 0.0, variance=1, false_fail=1e-9, what="the mean of the noise")
    # Sums over the images, or over the pixels, are normal too if each pixel's noise is its own.
    for numbers, what in (
        (noise.ravel(), "the variance of the noise over sigma^2"),
        (noise.sum(0) / np.sqrt(200), "the spread over images"),
        (noise.sum(1) / np.sqrt(784), "the spread over pixels"),
    ):
        averages(numbers**2, 1.0, variance=2, tail=2, false_fail=1e-9, what=what)


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

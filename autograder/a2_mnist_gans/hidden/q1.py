"""q1: images, noise and labels (hidden)."""

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
name = "q1"
points = None

# Runs beside the student's code.
SCALED = """
import numpy as np

def before_and_after(scale, images):
    kept = images.copy()
    result = scale(images)
    return result, bool((images == kept).all())
"""


def _seeded(label):
    return remote.numpy.random.default_rng(int(rng(label).integers(2**31)))


@test_case(
    points=0.5,
    hidden=True,
    failure_message="pixel by pixel level / 127.5 - 1, in float32, in an array of its own",
)
def test_every_level_is_scaled(scale_images):
    """Random images are scaled pixel by pixel to float32, and stay as they are"""
    images = rng("levels").integers(20, 200, (3, 28, 28)).astype(np.uint8)
    scaled, kept = value(remote.define(SCALED).before_and_after(scale_images, images))
    expected = (images.astype(np.float64) - 127.5) / 127.5
    close(scaled, expected[..., None], rtol=0, atol=1e-6, what="the images")  # float32
    dtype(scaled, "float32", "the images")
    that(kept, "the images that were passed in have changed")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="round to the nearest level, and clip before the cast to uint8",
)
def test_levels_come_back(unscale_images):
    """Levels come back exactly, rounded to the nearest, and what is beyond [-1, 1] is clipped"""
    levels = rng("back").integers(0, 256, (2, 28, 28))
    off = rng("off").uniform(-0.45, 0.45, levels.shape)
    images = ((levels + off) / 127.5 - 1)[..., None].astype(np.float32)
    equal(unscale_images(images), np.clip(levels, 0, 255), "the levels")
    beyond = np.zeros((1, 28, 28, 1), np.float32)
    beyond[0, 0, :4, 0] = -1.02, 1.02, -3, 3
    equal(value(unscale_images(beyond))[0, 0, :4], [0, 255, 0, 255], "levels beyond the ends")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="each coordinate is normal with mean 0 and variance 1, drawn from `rng` alone",
)
@statistical(4e-9, "the bounds of its three checks, and a repeated draw of 400 numbers")
def test_noise_is_standard_normal(sample_noise):
    """The noise is standard normal, comes from the generator alone and anew at each call"""
    noise = value(sample_noise(4000, 25, _seeded("normal")))
    shape(noise, (4000, 25), "the noise")
    normal(noise, false_fail=1e-9)
    averages(noise.ravel() ** 2, 1.0, variance=2, tail=2, false_fail=1e-9, what="the variance")
    # Neighbours in a row, and in a column, have nothing to do with each other.
    products = np.stack([noise[::2, 0] * noise[::2, 1], noise[::2, 2] * noise[1::2, 2]], axis=1)
    averages(products, 0.0, variance=1, tail=1, false_fail=1e-9, what="the covariance")
    generator = _seeded("twice")
    first, second = value(sample_noise(20, 20, generator)), value(sample_noise(20, 20, generator))
    that(bool(np.all(first != second)), "two calls with one generator gave the same noise")
    equal(sample_noise(20, 20, _seeded("twice")), first, "the noise of the same seed")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="whole rounds of all classes, a random part of one more, then shuffled",
)
@statistical(1e-9, "40 labels in the same order twice, or the same four classes in 60 draws")
def test_labels_are_balanced_and_random(sample_labels):
    """Where 44 labels have 10 classes, four random ones come five times, in random order"""
    generator = _seeded("labels")
    extra = set()
    drawn = [value(sample_labels(44, 10, generator)) for _ in range(60)]
    for labels in drawn:
        shape(labels, (44,), "the labels")
        counts = np.bincount(labels, minlength=10)
        equal(np.sort(counts), [4] * 6 + [5] * 4, "how often the classes come")
        extra |= set(np.flatnonzero(counts == 5).tolist())
    dtype(drawn[0], "int64", "the labels")
    that(len(extra) == 10, f"only the classes {sorted(extra)} ever come once more")
    that(not np.array_equal(drawn[0], drawn[1]), "two calls gave the same order")
    that(not np.array_equal(np.sort(drawn[0]), drawn[0]), "the labels are in order")
    rounds = [len(set(labels[:10].tolist())) for labels in drawn]
    that(min(rounds) < 10, "the first ten labels were always ten classes: shuffle all of them")
    equal(sample_labels(44, 10, _seeded("labels")), drawn[0], "the labels of the same seed")
    equal(sample_labels(3, 1, generator), [0, 0, 0], "the labels of one class")

"""q13: labels and the shuffled batch of 2B images (hidden)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, dtype, equal, remote, rng, shape, statistical, that, value

OK_FORMAT = False
name = "q13"
points = None


def _batch(label, real=12, fake=12):
    """Images whose corner pixel is their number, and labels that are a function of the number."""
    count = real + fake
    images = rng(label).uniform(-1, 1, (count, 4, 3, 1)).astype(np.float32)
    images[:, 0, 0, 0] = np.arange(count)
    labels = (np.arange(count) / 100)[:, None].astype(np.float32)
    return images[:real], images[real:], labels


def _generator(label):
    """A generator beside the student's code; its seed is drawn here."""
    return remote.numpy.random.default_rng(int(rng(label).integers(2**31)))


def _mix(mixed_batch, batch, generator):
    """The images and labels of a mixed batch; the function gets copies, which it may spoil."""
    mixed = value(mixed_batch(*(array.copy() for array in batch), generator))
    that(isinstance(mixed, tuple | list) and len(mixed) == 2, "expected images and labels")
    images, labels = mixed
    shape(images, (len(batch[2]), 4, 3, 1), "the images")
    shape(labels, (len(batch[2]), 1), "the labels")
    return images, labels


def _numbers(images):
    """The images' own numbers; where a pixel was moved, the nearest number that exists."""
    return np.clip(np.rint(images[:, 0, 0, 0]), 0, len(images) - 1).astype(int)


@test_case(
    points=1,
    hidden=True,
    failure_message="real rows first, one float32 column, and the arguments real and fake are used",
)
def test_soft_labels(gan_labels):
    """Soft labels of 4 real and 2 fake images come in that order, as float32"""
    labels = gan_labels(4, 2, real=0.9, fake=0.1)
    dtype(labels, "float32", "the labels")
    # float32 holds 0.9 and 0.1 to 1e-8.
    close(labels, np.repeat([0.9, 0.1], [4, 2])[:, None], rtol=1e-6, what="the labels")
    close(gan_labels(1, 3, 0.8), [[0.8], [0.0], [0.0], [0.0]], rtol=1e-6, what="the labels")


@test_case(
    points=1.5,
    hidden=True,
    failure_message="index images and labels with the same permutation",
)
def test_labels_follow_their_images(mixed_batch):
    """After the shuffle every image still has the label that it came with"""
    for sizes in ((12, 12), (9, 4)):
        batch = _batch("pairs", *sizes)
        images, targets = _mix(mixed_batch, batch, _generator("pairs"))
        equal(targets, batch[2][_numbers(images)], f"the labels of {sizes[0]} + {sizes[1]} images")


@test_case(
    points=1,
    hidden=True,
    failure_message="permute the first axis only: the pixels of an image stay where they are",
)
def test_pixels_stay(mixed_batch):
    """Put back in order, the images are what they were, pixel for pixel"""
    batch = _batch("pixels")
    images, _ = _mix(mixed_batch, batch, _generator("pixels"))
    restored = images[np.argsort(images[:, 0, 0, 0], kind="stable")]
    equal(restored, np.concatenate(batch[:2]), "the images in their old order")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="draw one permutation of all the rows together, from the generator passed",
)
@statistical(2e-11, "the first half is all real, or all fake, once in binomial(40, 20) / 2 orders")
def test_order_is_random(mixed_batch):
    """Real and fake images are interleaved at random, anew at each call, from the generator"""
    batch, generator = _batch("order", 20, 20), _generator("order")
    first, second = (_numbers(_mix(mixed_batch, batch, generator)[0]) for _ in range(2))
    that(set(first[:20]) != set(range(20)), "the first half holds all the real images")
    that(set(first[:20]) != set(range(20, 40)), "the first half holds all the fake images")
    that(list(first) != list(second), "a second call gave the same order")
    again, _ = _mix(mixed_batch, batch, _generator("order"))
    equal(_numbers(again), first, "the order from a generator with the same seed")

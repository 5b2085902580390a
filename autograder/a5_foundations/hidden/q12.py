"""q12: images as tensors, the DataLoader, augmentation (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import averages, close, dtype, equal, remote, rng, statistical, that, value

OK_FORMAT = False
name = "q12"
points = None

# Runs beside the student's code.
PROBE = """
import numpy as np
import torch

def passes(make_loader, images, labels, count, global_seed=0, **named):
    loader = make_loader(torch.tensor(images), torch.tensor(labels), **named)
    torch.manual_seed(global_seed)
    np.random.seed(global_seed)
    return [list(map(tuple, loader)) for _ in range(count)]

def augmented(flip_and_shift, images, most, seed, count=1, global_seed=0):
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(global_seed)
    batch = torch.tensor(images)
    found = [flip_and_shift(batch, generator, most) for _ in range(count)]
    return found, batch
"""
ROUNDING = 1e-5  # float32 numbers of size 1 to 10


def _seed(label):
    return int(rng(label).integers(2**31))


def _order(batches):
    return np.concatenate([labels for _, labels in batches]).tolist()


@test_case(
    points=0.25,
    hidden=True,
    failure_message="One mean and one deviation per channel over all pixels of all images, "
    "scaled by 255; the statistics that are passed in normalise the tensor, whose axes are n, c, "
    "h, w.",
)
def test_normalised(channel_statistics, to_tensor):
    """The statistics of each channel, and every pixel in its place, normalised by those passed"""
    images = rng("images").integers(10, 200, (3, 32, 32, 3)).astype(np.uint8)
    images[0] //= 3
    passed = remote.numpy.array(images)
    mean, deviation = value(channel_statistics(passed))
    for c in range(3):
        level = images[..., c].astype(np.float64).ravel() / 255
        close(mean[c], level.sum() / level.size, rtol=0, atol=ROUNDING, what=f"mean {c}")
        spread = np.sqrt(np.sum((level - level.mean()) ** 2) / level.size)
        close(deviation[c], spread, rtol=0, atol=ROUNDING, what=f"deviation {c}")
    means, deviations = np.array([0.5, 0.4, 0.3]), np.array([0.2, 0.25, 0.3])
    found = value(to_tensor(passed, means, deviations))
    dtype(found, "float32", "the tensor")
    for c in range(3):
        expected = (images[..., c] / 255.0 - means[c]) / deviations[c]
        close(found[:, c], expected, rtol=0, atol=ROUNDING, what=f"channel {c} of the tensor")
    equal(passed, images, "the images that were passed in")


@test_case(
    points=0.75,
    hidden=True,
    failure_message="A new order in each pass, from a generator of the loader's own, seeded by "
    "`seed`; every image once, its label with it; drop no short batch.",
)
@statistical(1e-9, "orders of 23 images agree by chance once in 2e22")
def test_shuffled(make_loader):
    """Shuffled passes hold every image once with its label, differ, and repeat with the seed"""
    images = rng("loader").normal(size=(23, 2, 3, 3)).astype(np.float32)
    labels = np.arange(23)
    run = remote.define(PROBE).passes

    def passes(seed, global_seed, **named):
        return value(
            run(make_loader, images, labels, 2, global_seed, batch_size=5, seed=seed, **named)
        )

    first, second = passes(_seed("a"), 1, shuffle=True)
    for batches in (first, second):
        equal([len(part) for _, part in batches], [5, 5, 5, 5, 3], "the sizes of the batches")
        order = _order(batches)
        equal(np.sort(order), labels, "the labels, sorted,")
        found = np.concatenate([part for part, _ in batches])
        equal(found, images[np.array(order)], "the images by their labels")
    that(_order(first) != _order(second), "two passes have the same order")
    that(_order(first) != labels.tolist(), "the order is not shuffled")
    again = [_order(batches) for batches in passes(_seed("a"), 2, shuffle=True)]
    equal(again, [_order(first), _order(second)], "the orders of a second loader of that seed")
    other = _order(passes(_seed("b"), 1, shuffle=True)[0])
    that(other != _order(first), "another seed gives the same order")
    equal(_order(passes(_seed("a"), 1)[1]), labels, "the order without shuffling")


@test_case(
    points=0.75,
    hidden=True,
    failure_message="Each image has a flip and a shift of its own, -most to most down and right, "
    "independently; zeros come in; every channel moves alike.",
)
@statistical(6e-9, "the bounds of its six checks, 1e-9 each")
def test_distribution(flip_and_shift):
    """Flips come with probability 1/2, shifts are uniform along both axes, all independent"""
    image = rng("image").uniform(1, 2, (2, 5, 6)).astype(np.float32)
    images = np.tile(image, (4000, 1, 1, 1))
    run = remote.define(PROBE).augmented
    (found,), _ = value(run(flip_and_shift, images, 2, _seed("distribution")))
    made = {
        oracle.shifted(image[..., ::-1] if flip else image, down, right).tobytes(): (
            flip, down, right,
        )
        for flip in (0, 1) for down in range(-2, 3) for right in range(-2, 3)
    }  # fmt: skip
    kinds = [made.get(np.ascontiguousarray(one).tobytes()) for one in found]
    unknown = sum(kind is None for kind in kinds)
    that(unknown == 0, f"{unknown} of 4,000 images are no flip and shift by up to 2 pixels")
    flip, down, right = np.array(kinds, float).T
    coin, down, right = 2 * flip - 1, down / np.sqrt(2), right / np.sqrt(2)  # variance 1 each
    for numbers, what in (
        (coin, "the share of flips"), (down, "the shift down"), (right, "the shift right"),
        (coin * down, "flips and shifts down"), (coin * right, "flips and shifts right"),
        (down * right, "the two shifts"),
    ):  # fmt: skip
        averages(numbers, 0.0, variance=1, tail=2, false_fail=1e-9, what=what)
    for numbers, what in ((down, "down"), (right, "right")):
        counts = np.bincount(np.rint(numbers * np.sqrt(2)).astype(int) + 2, minlength=5)
        # 800 each: 600 to 1,000 is eight standard deviations.
        that(bool(np.all(abs(counts - 800) < 200)), f"shifts {what} by -2..2 occur {counts} times")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Draw from the generator that is passed, anew at each call, and return a new "
    "tensor; most = 0 moves nothing.",
)
@statistical(1e-9, "40 images get the same flips and shifts once in 50 ** 40")
def test_generator_and_input(flip_and_shift):
    """Batches repeat with the generator, differ from call to call, and the input stays as it was"""
    images = rng("batch").uniform(1, 2, (40, 3, 6, 4)).astype(np.float32)
    run = remote.define(PROBE).augmented
    (first, second), after = value(run(flip_and_shift, images, 2, _seed("a"), 2, 1))
    equal(after, images, "the batch that was passed in")
    dtype(first, "float32", "the batch")
    that(not np.array_equal(first, second), "a second call gave the same batch")
    (again, _), _ = value(run(flip_and_shift, images, 2, _seed("a"), 2, 2))
    equal(again, first, "the batch from a generator with the same seed")
    (flipped,), _ = value(run(flip_and_shift, images, 0, _seed("c")))
    for before, one in zip(images, flipped, strict=True):
        same = np.array_equal(one, before) or np.array_equal(one, before[..., ::-1])
        that(same, "with most = 0 an image is neither as it was nor mirrored")

"""q12: equally long trainings, shifts, fine-tuning (hidden)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import dtype, equal, remote, rng, shape, statistical, that, value

OK_FORMAT = False
name = "q12"
points = None

CALLS = """
import numpy as np

def batches(index_batches, count, size, steps, seed):
    return list(index_batches(count, size, steps, np.random.default_rng(seed)))

def phases(pretrain_finetune, steps, share):
    calls = []
    def train(data, steps, rate):
        calls.append((data[0], data[1], steps, rate))
    sets = ("synthetic", 1), ("real", 2)
    more = {} if share is None else {"share": share}
    return pretrain_finetune(train, *sets, steps, **more), calls

def shifted(shift_images, images, most, seed):
    kept = images.copy()
    result = shift_images(images, most, np.random.default_rng(seed))
    return result, bool((images == kept).all())
"""


@test_case(
    points=0.5,
    hidden=True,
    failure_message="whole rounds through all rows, each in a new order, cut into full batches",
)
@statistical(1e-9, "two of three orders of 17 rows that agree")
def test_rounds(index_batches):
    """Every round has every row once in an order of its own, whatever the batch size"""
    run = remote.define(CALLS).batches
    seed = int(rng("seed").integers(2**31))
    for size, steps in ((5, 11), (17, 3), (40, 2), (1, 51)):
        rows = value(run(index_batches, 17, size, steps, seed))
        equal([np.size(batch) for batch in rows], [size] * steps, "the sizes of the batches")
        flat = np.concatenate(rows)
        that(flat.dtype.kind == "i", "the rows are no integers")
        rounds = [flat[at : at + 17] for at in range(0, len(flat) - 16, 17)]
        for one in rounds:
            equal(np.sort(one), np.arange(17), "the rows of a round")
        if size == 17:
            that(not np.array_equal(rounds[0], rounds[1]), "two rounds have the same order")
            that(not np.array_equal(rounds[1], rounds[2]), "two rounds have the same order")
    equal(value(run(index_batches, 17, 1, 51, seed)), rows, "the rows of the same seed")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="every image by its own two numbers from -most to most; what is lost on one "
    "side does not come in on the other",
)
@statistical(1e-8, "300 shifts that leave out one of 5 numbers: 10 * 0.8^300 is below 1e-28")
def test_every_shift(shift_images):
    """Images are shifted down and right by their own numbers, with -1 where nothing was"""
    images = rng("images").uniform(-0.9, 1, (300, 6, 5, 1)).astype(np.float32)
    shifted, kept = value(remote.define(CALLS).shifted(shift_images, images, 2, 5))
    shape(shifted, images.shape, "the images")
    dtype(shifted, "float32", "the images")
    that(kept, "the images that were passed in have changed")
    seen = set()
    for image, other in zip(images[..., 0], shifted[..., 0], strict=True):
        for down, right in np.ndindex(5, 5):
            blank = np.full((10, 9), -1, np.float32)
            blank[2:8, 2:7] = image
            if np.array_equal(other, blank[down : down + 6, right : right + 5]):
                seen.add((down, right))
                break
        else:
            that(False, "an image is none of the 25 shifts of its original")
    for axis, what in ((0, "down"), (1, "to the right")):
        numbers = sorted({pair[axis] for pair in seen})
        equal(numbers, list(range(5)), f"the numbers of pixels {what}, plus 2")
    that(len(seen) > 15, "the two shifts of an image depend on each other")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="round(share * steps) on the synthetic set first; no call without steps",
)
def test_phases_add_up(pretrain_finetune):
    """Steps are rounded and add up, rates are those of the phases, and empty phases are skipped"""
    run = remote.define(CALLS).phases
    synthetic, real = ("synthetic", 1), ("real", 2)
    for steps, share, first in (
        (7, 0.5, 4),
        (11, 0.25, 3),
        (9, 1.0, 9),
        (3, 0.5, 2),
        (9, 0.0, 0),
        (6, None, 3),
    ):
        answer, calls = value(run(pretrain_finetune, steps, share))
        equal(answer, (first, steps - first), f"the steps at {steps} and {share}")
        expected = [(*synthetic, first, 1e-3), (*real, steps - first, 1e-4)]
        expected = [call for call in expected if call[2] > 0]
        equal(len(calls), len(expected), f"the number of calls at {steps} and {share}")
        for call, wanted in zip(calls, expected, strict=True):
            equal(call[0], wanted[0], "the set of a call")
            equal(call[1:], wanted[1:], "the labels, steps and rate of a call")

"""q15: the training loop (public)."""

from otter.test_files import test_case

from kit.testing import close, equal, remote, that, trusts, value

OK_FORMAT = False
name = "q15"
points = None

STUBS = """
import numpy as np

calls = []

def batches(epoch):
    calls.append("batches")
    return [np.zeros((4, 2, 2, 1), np.float32) for _ in range(2)]

def noise(count):
    calls.append("noise")
    return np.zeros((count, 3), np.float32)

def generate(noise):
    calls.append("generate")
    return np.zeros((len(noise), 2, 2, 1), np.float32)

def make_batch(real, fake):
    calls.append("make_batch")
    return np.concatenate([real, fake]), np.zeros((len(real) + len(fake), 1), np.float32)

def discriminator_step(images, labels):
    calls.append("discriminator_step")
    return 0.5

def generator_step(noise):
    calls.append("generator_step")
    return 2.0
"""


def _train(train_gan, stubs, epochs):
    loop = (stubs.batches, stubs.noise, stubs.generate, stubs.make_batch)
    return value(train_gan(*loop, stubs.discriminator_step, stubs.generator_step, epochs))


@test_case(points=1, hidden=False)
def test_rows(train_gan):
    """Three epochs give three rows with the number of the epoch and both losses"""
    rows = _train(train_gan, remote.define(STUBS), 3)
    that(isinstance(rows, list) and len(rows) == 3, "the result is not a list of three rows")
    keys = {"epoch", "discriminator_loss", "generator_loss"}
    that(all(set(row) == keys for row in rows), f"the keys of a row are {sorted(rows[0])}")
    equal([row["epoch"] for row in rows], [1, 2, 3], "the epochs")
    for row in rows:
        # Means of equal numbers, in double or single precision.
        close(row["discriminator_loss"], 0.5, rtol=1e-6, what="the discriminator's loss")
        close(row["generator_loss"], 2.0, rtol=1e-6, what="the generator's loss")


@test_case(points=0.5, hidden=False)
@trusts("the calls are counted beside the student's code")
def test_order_of_calls(train_gan):
    """For every batch the discriminator's step comes first, then the generator's"""
    stubs = remote.define(STUBS)
    _train(train_gan, stubs, 1)
    steps = [call for call in value(stubs.calls) if call.endswith("_step")]
    expected = ["discriminator_step", "generator_step"] * 2
    that(steps == expected, f"the steps of an epoch of two batches were {steps}")

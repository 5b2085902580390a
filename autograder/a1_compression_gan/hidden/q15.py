"""q15: the training loop (hidden)."""

from otter.test_files import test_case

from kit.testing import close, equal, remote, that, trusts, value

OK_FORMAT = False
name = "q15"
points = None

# Every batch of real images, every draw of noise and every fake carries a number of its own, so
# that what reached whom can be read off afterwards. An epoch has batches of 4, 4 and 1 images.
STUBS = """
import numpy as np

drawn, fakes, mixed, discriminated, generated, rows = [], [], [], [], [], []

def batches(epoch):
    for index, size in enumerate((4, 4, 1)):
        yield np.full((size, 2, 2, 1), 10.0 * epoch + index, np.float32)

def noise(count):
    drawn.append(count)
    return np.full((count, 3), float(len(drawn)), np.float32)

def generate(noise):
    fakes.append((len(noise), float(noise[0, 0])))
    return np.full((len(noise), 2, 2, 1), -float(noise[0, 0]), np.float32)

def make_batch(real, fake):
    mixed.append((float(real[0, 0, 0, 0]), float(fake[0, 0, 0, 0]), len(real), len(fake)))
    return np.full((2, 2), float(len(mixed))), np.full((2, 1), 100.0 + len(mixed))

def discriminator_step(images, labels):
    discriminated.append((float(images[0, 0]), float(labels[0, 0])))
    return float(max(mixed[-1][:2]))

def generator_step(noise):
    generated.append((len(noise), float(noise[0, 0])))
    return np.float32(mixed[-1][2] ** 2)

def on_epoch(row):
    rows.append((len(discriminated), dict(row)))
"""


def _train(train_gan, stubs, epochs, **named):
    loop = (stubs.batches, stubs.noise, stubs.generate, stubs.make_batch)
    steps = (stubs.discriminator_step, stubs.generator_step)
    return value(train_gan(*loop, *steps, epochs, **named))


@test_case(
    points=1,
    hidden=True,
    failure_message="weight every batch's loss by its number of real images; start anew each epoch",
)
def test_weighted_losses(train_gan):
    """An epoch's losses are means over its images, a short last batch counting for less"""
    rows = _train(train_gan, remote.define(STUBS), 2)
    equal([row["epoch"] for row in rows], [1, 2], "the epochs")
    for row in rows:
        # The steps' losses are 10 e, 10 e + 1 and 10 e + 2, and 16, 16 and 1; single precision.
        expected = 10 * row["epoch"] + (4 * 0 + 4 * 1 + 1 * 2) / 9
        close(row["discriminator_loss"], expected, rtol=1e-5, what="the discriminator's loss")
        close(row["generator_loss"], (8 * 16 + 1) / 9, rtol=1e-5, what="the generator's loss")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="draw new noise for the generator's step, as many vectors as real images",
)
@trusts("the calls are recorded beside the student's code")
def test_fresh_noise(train_gan):
    """The generator learns from noise that the discriminator's fakes were not made of"""
    stubs = remote.define(STUBS)
    _train(train_gan, stubs, 1)
    made_of, learned_from = value(stubs.fakes), value(stubs.generated)
    equal([count for count, _ in made_of], [4, 4, 1], "the number of fakes per batch")
    equal([count for count, _ in learned_from], [4, 4, 1], "the noise vectors per step")
    draws = [draw for _, draw in made_of + learned_from]
    that(len(set(draws)) == 6, f"noise was used twice: the draws were numbers {draws}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="make_batch(real, fake) makes what the discriminator's step gets",
)
@trusts("the calls are recorded beside the student's code")
def test_what_the_discriminator_sees(train_gan):
    """The discriminator's step gets what make_batch returned for the real images and the fakes"""
    stubs = remote.define(STUBS)
    _train(train_gan, stubs, 1)
    mixed = value(stubs.mixed)
    equal([call[0] for call in mixed], [10.0, 11.0, 12.0], "the batches passed as real images")
    fakes = [-draw for _, draw in value(stubs.fakes)]
    equal([call[1] for call in mixed], fakes, "the fakes passed to make_batch")
    equal([call[2:] for call in mixed], [(4, 4), (4, 4), (1, 1)], "the numbers of images")
    seen = value(stubs.discriminated)
    equal(seen, [(1.0, 101.0), (2.0, 102.0), (3.0, 103.0)], "the batches and labels of the steps")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="on_epoch(row) after each epoch; epochs is the number of the last one",
)
@trusts("the calls are recorded beside the student's code")
def test_resumed_training(train_gan):
    """Resumed at epoch 3 of 4 the loop runs two epochs and reports each as it ends"""
    stubs = remote.define(STUBS)
    rows = _train(train_gan, stubs, 4, on_epoch=stubs.on_epoch, first_epoch=3)
    equal([row["epoch"] for row in rows], [3, 4], "the epochs")
    reported = value(stubs.rows)
    equal([steps for steps, _ in reported], [3, 6], "the steps taken before each call of on_epoch")
    that([row for _, row in reported] == rows, "on_epoch was not called with the rows returned")

"""q7: batches, balance, the mean of the weights, the loop (hidden)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, statistical, that, trusts, value

OK_FORMAT = False
name = "q7"
points = None

# Every draw of latents carries a number of its own, and the answers of the steps are known, so that
# what reached whom, and when, can be read off. An epoch has batches of 4, 4 and 2 images.
STUBS = """
import numpy as np
import tensorflow as tf

drawn, discriminated, generated, asked, reported = [], [], [], [], []

def batches(epoch):
    for index, size in enumerate((4, 4, 2)):
        yield np.full((size, 1), 10.0 * epoch + index), np.full(size, 100 * epoch + index)

def latents(count):
    drawn.append(count)
    return np.full((count, 2), float(len(drawn))), np.full(count, -len(drawn))

def discriminator_step(images, labels, noise, noise_labels):
    discriminated.append((float(images[0, 0]), int(labels[0]), float(noise[0, 0]),
                          int(noise_labels[0]), len(noise)))
    turn = len(discriminated)
    return tf.constant(float(turn)), tf.constant(turn / 100.0)

def generator_step(noise, noise_labels):
    generated.append((float(noise[0, 0]), int(noise_labels[0]), len(noise)))
    return np.float32(1000.0 + len(generated) ** 2)

def balance(accuracy):
    asked.append((type(accuracy) is float, round(float(accuracy), 6)))
    return [(1, 2), (3, 1), (1, 1)][(len(asked) - 1) % 3]

def on_epoch(row):
    reported.append((len(discriminated), dict(row)))

def cut(shuffled_batches, images, labels, size, seed, calls):
    rng = np.random.default_rng(seed)
    return [list(shuffled_batches(images, labels, size, rng)) for _ in range(calls)]

def averaged(update_average, means, weights, decay, steps, as_tensor):
    means, weights = [tf.Variable(m) for m in means], [tf.Variable(w) for w in weights]
    for step in steps:
        update_average(means, weights, decay, tf.constant(step) if as_tensor else step)
    return [m.numpy() for m in means], [w.numpy() for w in weights]
"""


@test_case(
    points=0.5,
    hidden=True,
    failure_message="a new permutation at every call, whole batches only, labels with their images",
)
@statistical(1e-9, "three orders of 23 images that agree, or one that is sorted")
def test_epochs_of_batches(shuffled_batches):
    """Every epoch has whole batches in a new order, with labels or with None in their place"""
    images = np.arange(46.0).reshape(23, 2)
    cut = remote.define(STUBS).cut
    calls = value(cut(shuffled_batches, images, np.arange(23) + 50, 4, 7, 3))
    left_out, orders = set(), []
    for epoch in calls:
        equal([len(part) for part, _ in epoch], [4] * 5, "the sizes of the batches")
        rows = np.concatenate([part[:, 0] for part, _ in epoch]) / 2
        labels = np.concatenate([labels for _, labels in epoch])
        equal(labels, rows + 50, "the labels")
        equal(np.concatenate([part[:, 1] for part, _ in epoch]), 2 * rows + 1, "the second pixels")
        equal(len(set(rows.tolist())), 20, "the number of different images")
        left_out |= set(range(23)) - {int(row) for row in rows}
        orders.append(rows.tolist())
    that(len(left_out) > 3, "the same images are left out of every epoch")
    that(orders[0] != sorted(orders[0]) and orders[0] != orders[1], "the order is not new")
    (whole,) = value(cut(shuffled_batches, images, None, 23, 7, 1))
    equal(len(whole), 1, "the number of batches as large as the set")
    equal(whole[0][1], None, "the labels where there are none")
    again = value(cut(shuffled_batches, images, np.arange(23) + 50, 4, 7, 1))
    equal(again[0][0][0], calls[0][0][0], "the first batch of the same seed")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="both bounds belong to the middle; the one that is behind gets `most`",
)
def test_bounds_of_balance(balance_updates):
    """Bounds and `most` are those passed, and both bounds belong to the middle"""
    for accuracy, expected in ((0.6, (1, 1)), (0.9, (1, 1)), (0.59, (3, 1)), (0.91, (1, 3))):
        equal(balance_updates(accuracy), expected, f"the updates at an accuracy of {accuracy}")
    for accuracy, expected in ((0.25, (1, 1)), (0.24, (5, 1)), (0.5, (1, 1)), (0.51, (1, 5))):
        found = balance_updates(accuracy, 0.25, 0.5, 5)
        equal(found, expected, f"the updates at {accuracy} between 0.25 and 0.5")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="a <- d a + (1 - d) w with d = min(decay, step / (step + 10)), in place; the "
    "weights stay",
)
@trusts("the variables are read beside the student's code")
def test_average_over_steps(update_average):
    """Over some steps the mean follows the formula, early and late, for a tensor's step too"""
    draw = rng("average")
    means = [draw.normal(size=kind).astype(np.float32) for kind in ((3, 2), (4,))]
    weights = [draw.normal(size=kind).astype(np.float32) for kind in ((3, 2), (4,))]
    run = remote.define(STUBS).averaged
    for steps, as_tensor in (([3, 4, 25], False), ([90, 900], False), ([7, 500], True)):
        found, kept = value(run(update_average, means, weights, 0.8, steps, as_tensor))
        for mean, weight, array, same in zip(means, weights, found, kept, strict=True):
            expected = mean.astype(np.float64)
            for step in steps:
                decay = min(0.8, step / (step + 10))
                expected = decay * expected + (1 - decay) * weight
            close(array, expected, rtol=1e-4, atol=1e-4, what=f"the mean after steps {steps}")
            equal(same, weight, "the weights")


def _train(train_gan, stubs, epochs, **named):
    loop = (stubs.batches, stubs.latents, stubs.discriminator_step, stubs.generator_step)
    return value(train_gan(*loop, epochs, **named))


@test_case(
    points=0.5,
    hidden=True,
    failure_message="each update draws latents of its own, as many as there are real images; the "
    "real images keep their labels, the latents theirs",
)
@trusts("the calls are recorded beside the student's code")
def test_what_the_steps_see(train_gan):
    """Without a balance each batch is one update of each, on latents that nobody else has had"""
    stubs = remote.define(STUBS)
    rows = _train(train_gan, stubs, 2)
    seen, learnt = value(stubs.discriminated), value(stubs.generated)
    equal([call[:2] for call in seen], [
        (10, 100), (11, 101), (12, 102), (20, 200), (21, 201), (22, 202),
    ], "the real images and labels")  # fmt: skip
    draws = [call[2] for call in seen] + [call[0] for call in learnt]
    equal(len(set(draws)), 12, "the number of different draws of latents")
    labels = [call[3] for call in seen] + [call[1] for call in learnt]
    equal(np.array(labels), -np.array(draws), "the labels of the latents")
    sizes = [call[-1] for call in seen] + [call[-1] for call in learnt]
    equal(sizes, [4, 4, 2] * 4, "the numbers of latents")
    turns = [[1, 2, 3], [4, 5, 6]]
    for row, epoch in zip(rows, turns, strict=True):
        close(row["discriminator_loss"], np.mean(epoch), rtol=1e-5, what="the first loss")
        close(row["accuracy"], np.mean(epoch) / 100, rtol=1e-5, what="the accuracy")
        loss = 1000 + np.mean(np.square(epoch))
        close(row["generator_loss"], loss, rtol=1e-5, what="the generator's loss")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="ask balance once a batch, with the accuracy of the last update of the "
    "discriminator, and do what it says",
)
@trusts("the calls are recorded beside the student's code")
def test_balanced_and_resumed(train_gan):
    """Resumed at epoch 3 of 4 with a balance, the loop asks, obeys, counts and reports"""
    stubs = remote.define(STUBS)
    rows = _train(
        train_gan, stubs, 4, balance=stubs.balance, on_epoch=stubs.on_epoch, first_epoch=3
    )
    equal([row["epoch"] for row in rows], [3, 4], "the epochs")
    asked = value(stubs.asked)
    that(all(plain for plain, _ in asked), "balance was asked about something that is no float")
    # Turns of one, three and one update of the discriminator.
    expected = [0.5, 0.01, 0.04, 0.05, 0.06, 0.09]
    close([accuracy for _, accuracy in asked], expected, rtol=1e-4, what="the accuracies asked")
    for row, first in zip(rows, (1, 6), strict=True):
        equal(row["discriminator_updates"], 5, "the discriminator's updates in an epoch")
        equal(row["generator_updates"], 4, "the generator's updates in an epoch")
        close(row["discriminator_loss"], first + 2, rtol=1e-5, what="the mean of five losses")
    equal(value(stubs.discriminated)[1][0], 31.0, "the image of the second update")
    reports = value(stubs.reported)
    equal([count for count, _ in reports], [5, 10], "the updates before each report")
    that([row for _, row in reports] == rows, "on_epoch was not called with the rows returned")

"""q7: batches, balance, the mean of the weights, the loop (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, remote, shape, value

OK_FORMAT = False
name = "q7"
points = None

STUBS = """
import numpy as np
import tensorflow as tf

def batches(shuffled_batches, count, size, seed):
    rows = np.arange(count)
    return list(shuffled_batches(rows, 10 * rows, size, np.random.default_rng(seed)))

def averaged(update_average, mean, weight, decay, step):
    mean, weight = [tf.Variable(mean)], [tf.Variable(weight)]
    update_average(mean, weight, decay, step)
    return mean[0].numpy()

def trained(train_gan, epochs):
    images = np.zeros((4, 28, 28, 1), "float32")
    return train_gan(
        lambda epoch: [(images, None)] * 2, lambda count: (np.zeros((count, 3)), None),
        lambda images, labels, noise, noise_labels: (0.5, 0.75), lambda noise, labels: 2.0, epochs,
    )
"""


@test_case(points=0.25, hidden=False)
def test_batches(shuffled_batches):
    """Ten images make three batches of three, no image twice, each with its label"""
    drawn = value(remote.define(STUBS).batches(shuffled_batches, 10, 3, 1))
    equal(len(drawn), 3, "the number of batches")
    images = np.concatenate([images for images, _ in drawn])
    labels = np.concatenate([labels for _, labels in drawn])
    equal(len(set(images.tolist())), 9, "the number of different images")
    equal(labels, 10 * images, "the labels")


@test_case(points=0.25, hidden=False)
def test_balance(balance_updates):
    """Between the bounds one update each; below and above them three for the one behind"""
    for accuracy, expected in ((0.75, (1, 1)), (0.5, (3, 1)), (0.95, (1, 3))):
        equal(balance_updates(accuracy), expected, f"the updates at an accuracy of {accuracy}")


@test_case(points=0.25, hidden=False)
def test_average(update_average):
    """At step 0 the mean becomes the weights; at step 10 it goes half the way"""
    mean, weight = np.zeros(3, np.float32), np.array([1, 2, 4], np.float32)
    run = remote.define(STUBS).averaged
    close(run(update_average, mean, weight, 0.9, 0), weight, rtol=1e-5, what="the mean at step 0")
    close(run(update_average, mean, weight, 0.9, 10), weight / 2, rtol=1e-5, what="that at step 10")


@test_case(points=0.25, hidden=False)
def test_rows(train_gan):
    """Two epochs of two batches give two rows with the means of the steps' answers"""
    rows = value(remote.define(STUBS).trained(train_gan, 2))
    equal(len(rows), 2, "the number of rows")
    expected = {
        "discriminator_loss": 0.5, "generator_loss": 2.0, "accuracy": 0.75,
        "discriminator_updates": 2, "generator_updates": 2,
    }  # fmt: skip
    for epoch, row in enumerate(rows, start=1):
        for key, number in {"epoch": epoch, **expected}.items():
            close(row[key], number, rtol=1e-6, what=f"{key} of epoch {epoch}")
    shape(np.array([row["epoch"] for row in rows]), (2,), "the epochs")

"""q14: one step of the discriminator, one of the generator (hidden)."""

import numpy as np
from oracle import binary_cross_entropy, sigmoid
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, shape, statistical, that, trusts, value

OK_FORMAT = False
name = "q14"
points = None

NETWORKS = """
import keras
import tensorflow as tf
from keras import layers

def generator():
    return keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(4),
            layers.BatchNormalization(momentum=0.5),
            layers.Reshape((2, 2, 1)),
        ]
    )

def linear():
    return keras.Sequential([keras.Input((2, 2, 1)), layers.Flatten(), layers.Dense(1)])

def discriminator():
    return keras.Sequential(
        [
            keras.Input((2, 2, 1)),
            layers.Flatten(),
            layers.Dense(16),
            layers.BatchNormalization(momentum=0.5),
            layers.Dropout(0.5),
            layers.Dense(1),
        ]
    )

def freeze(model):
    model.trainable = False

def stack(generator, discriminator):
    freeze(discriminator)
    return keras.Sequential([generator, discriminator])

def cross_entropy(logits, targets):
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(targets, logits))

def non_saturating(logits):
    return tf.reduce_mean(tf.nn.softplus(-logits))
"""


def _batch(label, count=8):
    images = rng(label).standard_normal((count, 2, 2, 1)).astype(np.float32)
    labels = (np.arange(count) % 2 * 0.9)[:, None].astype(np.float32)
    return images, labels


def _logits(answers, count):
    """The discriminator's answers, checked before the oracle works with them."""
    shape(answers, (count, 1), "the discriminator's answers")
    return np.asarray(value(answers), np.float64)


def _after_one_step(images, labels, logits, rate):
    """The logits of a linear model after a step of gradient descent on the cross-entropy."""
    pixels = images.reshape(len(images), -1).astype(np.float64)
    slopes = (sigmoid(logits) - labels) / len(images)
    return logits - rate * (pixels @ pixels.T + 1.0) @ slopes


@test_case(
    points=1,
    hidden=True,
    failure_message="one step of the optimizer on the labels given; return the loss from before it",
)
@trusts("the logits of the discriminator are read from the discriminator")
def test_discriminator_step_is_exact(make_discriminator_step):
    """A step on a linear discriminator is gradient descent, and returns the loss before it"""
    networks = remote.define(NETWORKS)
    discriminator = networks.linear()
    optimizer = remote.keras.optimizers.SGD(learning_rate=0.2)
    step = make_discriminator_step(discriminator, optimizer, networks.cross_entropy)
    images, labels = _batch("exact")
    logits = _logits(discriminator(images), 8)
    # float32 sums of a few terms: 1e-6 of numbers of size 1.
    loss = binary_cross_entropy(logits, labels)
    close(step(images, labels), loss, rtol=1e-4, atol=1e-5, what="the loss returned")
    expected = _after_one_step(images, labels, logits, 0.2)
    close(discriminator(images), expected, rtol=1e-4, atol=1e-5, what="the logits after the step")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="the discriminator's step has to unfreeze it, and to leave it as it was before",
)
@trusts("the logits of the discriminator are read from the discriminator")
def test_frozen_discriminator_learns(make_discriminator_step):
    """The discriminator's step trains it when it is frozen, and leaves it frozen"""
    networks = remote.define(NETWORKS)
    discriminator = networks.linear()
    networks.freeze(discriminator)
    optimizer = remote.keras.optimizers.SGD(learning_rate=0.2)
    step = make_discriminator_step(discriminator, optimizer, networks.cross_entropy)
    equal(discriminator.trainable, False, "its trainable once the step is made")
    for size in (8, 5):  # another batch size, as the last one of an epoch has
        networks.freeze(discriminator)
        images, labels = _batch("frozen", size)
        logits = _logits(discriminator(images), size)
        step(images, labels)
        equal(discriminator.trainable, False, "its trainable after the step")
        expected = _after_one_step(images, labels, logits, 0.2)
        close(discriminator(images), expected, rtol=1e-4, atol=1e-5, what="the logits")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="call the discriminator with training=True in its own step, and unfreeze it",
)
@statistical(1e-30, "16 means of a batch would all lie within 2e-3 of 0")
@trusts("the weights of a network are read from the network")
def test_discriminator_is_in_training_mode(make_discriminator_step):
    """The discriminator's step uses and updates batch statistics, also after a freeze"""
    networks = remote.define(NETWORKS)
    discriminator = networks.discriminator()
    optimizer = remote.keras.optimizers.SGD(learning_rate=0.0)
    step = make_discriminator_step(discriminator, optimizer, networks.cross_entropy)
    networks.freeze(discriminator)
    before = value(discriminator.get_weights())
    step(*_batch("training mode"))
    after = value(discriminator.get_weights())
    # Kernel and bias, gamma and beta, then the moving mean and variance.
    moved = [float(np.abs(after[i] - before[i]).max()) for i in (4, 5)]
    that(min(moved) > 1e-3, f"the moving mean and variance changed by {moved}")


@test_case(
    points=1,
    hidden=True,
    failure_message="in the generator's step the discriminator runs with training=False, frozen",
)
@trusts("the weights of a network are read from the network")
def test_discriminator_is_untouched(make_discriminator_step, make_generator_step):
    """After a step of each, the generator's leaves D bit for bit as it was, statistics included"""
    networks = remote.define(NETWORKS)
    generator, discriminator = networks.generator(), networks.discriminator()
    gan = networks.stack(generator, discriminator)
    d_optimizer, g_optimizer = (remote.keras.optimizers.Adam(0.05) for _ in range(2))
    d_step = make_discriminator_step(discriminator, d_optimizer, networks.cross_entropy)
    g_step = make_generator_step(gan, g_optimizer, networks.non_saturating)
    noise = rng("untouched").standard_normal((8, 3)).astype(np.float32)
    for _ in range(2):
        d_step(*_batch("alternate"))
        kept = value(discriminator.get_weights())
        images = value(generator(noise, training=False))
        g_step(noise)
        for array, expected in zip(value(discriminator.get_weights()), kept, strict=True):
            equal(array, expected, "an array of the discriminator")
        moved = np.abs(value(generator(noise, training=False)) - images).max()
        that(moved > 1e-3, "the generator gives the same images after its step")


@test_case(
    points=1,
    hidden=True,
    failure_message="generator with training=True, discriminator with training=False, target 1",
)
@statistical(
    1e-7,
    "the loss falls by 0.02 |gradient|², which rounding hides only below 1e-5: four slopes near 0",
)
@trusts("the images and logits are read from the networks")
def test_generator_loss_value(make_generator_step):
    """The generator's step returns -log D(G(z)) from before it, G in training and D in inference"""
    networks = remote.define(NETWORKS)
    generator, discriminator = networks.generator(), networks.discriminator()
    gan = networks.stack(generator, discriminator)
    optimizer = remote.keras.optimizers.SGD(learning_rate=0.02)
    step = make_generator_step(gan, optimizer, networks.non_saturating)
    noise = (2 + rng("loss").standard_normal((8, 3))).astype(np.float32)
    logits = _logits(discriminator(value(generator(noise, training=True)), training=False), 8)
    # float32 sums of a few terms: 1e-6 of numbers of size 1.
    expected = binary_cross_entropy(logits, np.ones((8, 1)))
    close(step(noise), expected, rtol=1e-4, atol=1e-5, what="the loss returned")
    logits = _logits(discriminator(value(generator(noise, training=True)), training=False), 8)
    less = binary_cross_entropy(logits, np.ones((8, 1)))
    that(less < expected, f"the step took the generator's loss from {expected} to {less}")

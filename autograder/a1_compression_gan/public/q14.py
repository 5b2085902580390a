"""q14: one step of the discriminator, one of the generator (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import equal, remote, rng, statistical, that, trusts, value

OK_FORMAT = False
name = "q14"
points = None

NETWORKS = """
import keras
import tensorflow as tf
from keras import layers

def generator():
    return keras.Sequential([keras.Input((3,)), layers.Dense(4), layers.Reshape((2, 2, 1))])

def discriminator():
    return keras.Sequential([keras.Input((2, 2, 1)), layers.Flatten(), layers.Dense(1)])

def stack(generator, discriminator):
    discriminator.trainable = False
    return keras.Sequential([generator, discriminator])

def cross_entropy(logits, targets):
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(targets, logits))

def non_saturating(logits):
    return tf.reduce_mean(tf.nn.softplus(-logits))
"""


@test_case(points=1, hidden=False)
@statistical(1e-8, "a loss falls by 0.1 |gradient|², and five slopes would have to be near 0")
def test_discriminator_learns(make_discriminator_step):
    """Three steps of the discriminator on one batch lower its loss each time"""
    networks = remote.define(NETWORKS)
    optimizer = remote.keras.optimizers.SGD(learning_rate=0.1)
    step = make_discriminator_step(networks.discriminator(), optimizer, networks.cross_entropy)
    images = rng("images").standard_normal((10, 2, 2, 1)).astype(np.float32)
    labels = np.repeat([1.0, 0.0], 5)[:, None].astype(np.float32)
    losses = [float(value(step(images, labels))) for _ in range(3)]
    that(losses[0] > losses[1] > losses[2], f"the losses of three steps were {losses}")


@test_case(points=1, hidden=False)
@trusts("the weights of a network are read from the network")
def test_generator_step(make_generator_step):
    """A step of the generator changes the generator's weights and not the discriminator's"""
    networks = remote.define(NETWORKS)
    generator, discriminator = networks.generator(), networks.discriminator()
    gan = networks.stack(generator, discriminator)
    optimizer = remote.keras.optimizers.SGD(learning_rate=0.1)
    step = make_generator_step(gan, optimizer, networks.non_saturating)
    before = value(generator.get_weights()), value(discriminator.get_weights())
    step(rng("noise").standard_normal((6, 3)).astype(np.float32))
    after = value(generator.get_weights()), value(discriminator.get_weights())
    changed = [np.abs(new - old).max() for new, old in zip(after[0], before[0], strict=True)]
    that(min(changed) > 0, "an array of the generator's weights did not change")
    for new, old in zip(after[1], before[1], strict=True):
        equal(new, old, "an array of the discriminator's weights")

"""q11: the stacked GAN with a frozen discriminator (hidden)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, trusts, value

OK_FORMAT = False
name = "q11"
points = None

NETWORKS = """
import keras
from keras import layers

def generator():
    return keras.Sequential([keras.Input((3,)), layers.Dense(4), layers.Reshape((2, 2, 1))])

def discriminator():
    return keras.Sequential(
        [
            keras.Input((2, 2, 1)),
            layers.Flatten(),
            layers.Dense(6),
            layers.BatchNormalization(momentum=0.5),
            layers.LeakyReLU(0.2),
            layers.Dense(1),
        ]
    )

def add_to_weights(model, amount):
    model.set_weights([weight + amount for weight in model.get_weights()])
"""


@test_case(
    points=1,
    hidden=True,
    failure_message="stack the two networks themselves, not copies of them",
)
def test_networks_are_shared(stack_gan):
    """When the discriminator or the generator learns, the stacked GAN follows"""
    networks = remote.define(NETWORKS)
    generator, discriminator = networks.generator(), networks.discriminator()
    gan = stack_gan(generator, discriminator)
    noise = rng("shared").standard_normal((5, 3)).astype(np.float32)
    gan(noise)
    for learner in (discriminator, generator):
        networks.add_to_weights(learner, 0.25)
        expected = value(discriminator(value(generator(noise)), training=False))
        # The same float32 operations; 1e-5 allows another order of summing.
        close(gan(noise, training=False), expected, rtol=1e-5, atol=1e-5, what="D(G(z))")


@test_case(
    points=1,
    hidden=True,
    failure_message="freeze every layer of the discriminator, and no layer of the generator",
)
@trusts("the weights of a network are read from the network")
def test_only_the_discriminator_is_frozen(stack_gan):
    """Stacking freezes every weight of the discriminator and none of the generator"""
    networks = remote.define(NETWORKS)
    generator, discriminator = networks.generator(), networks.discriminator()
    gan = stack_gan(generator, discriminator)
    counts = [len(value(model.trainable_weights)) for model in (generator, discriminator, gan)]
    equal(counts, [2, 0, 2], "the number of trainable arrays of the generator, D and the stack")


@test_case(
    points=1,
    hidden=True,
    failure_message="a frozen discriminator keeps its batch statistics: set trainable on all of it",
)
@trusts("the weights of a network are read from the network")
def test_batch_statistics_are_frozen(stack_gan):
    """Running the stack in training mode leaves the discriminator's batch statistics alone"""
    networks = remote.define(NETWORKS)
    generator, discriminator = networks.generator(), networks.discriminator()
    gan = stack_gan(generator, discriminator)
    before = value(discriminator.get_weights())
    gan(3 * rng("statistics").standard_normal((8, 3)).astype(np.float32), training=True)
    for array, kept in zip(value(discriminator.get_weights()), before, strict=True):
        equal(array, kept, "an array of the discriminator")

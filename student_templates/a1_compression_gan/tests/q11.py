"""q11: the stacked GAN with a frozen discriminator (public)."""

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
    return keras.Sequential([keras.Input((2, 2, 1)), layers.Flatten(), layers.Dense(1)])
"""


@test_case(points=1, hidden=False)
def test_output(stack_gan):
    """The stacked GAN answers D(G(z))"""
    networks = remote.define(NETWORKS)
    generator, discriminator = networks.generator(), networks.discriminator()
    noise = rng("noise").standard_normal((5, 3)).astype(np.float32)
    expected = value(discriminator(value(generator(noise))))
    # The same float32 operations on the same weights; 1e-5 allows another order of summing.
    close(
        stack_gan(generator, discriminator)(noise), expected, rtol=1e-5, atol=1e-5, what="D(G(z))"
    )


@test_case(points=1, hidden=False)
@trusts("the weights of a network are read from the network")
def test_trainable_parameters(stack_gan):
    """The trainable parameters of the stacked GAN are the generator's 16, and no others"""
    networks = remote.define(NETWORKS)
    gan = stack_gan(networks.generator(), networks.discriminator())
    sizes = [value(weight).size for weight in gan.trainable_weights]
    equal(sum(sizes), 16, "the number of trainable parameters")

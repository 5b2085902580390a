"""q5: networks that know the class (hidden)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, remote, rng, that, trusts, value

OK_FORMAT = False
name = "q5"
points = None

# Our own parts have no weights; so all the weights of a model are the student's.
PARTS = """
import keras

class Cubed(keras.layers.Layer):
    def call(self, x):
        return x**3

def decoder(inputs):
    layers = [Cubed(), keras.layers.Reshape((inputs, 1, 1))]
    return keras.Sequential([keras.Input((inputs,)), *layers])

def flat(height, planes):
    layers = [keras.layers.Flatten(), Cubed()]
    return keras.Sequential([keras.Input((height, height, planes)), *layers])
"""
LABELS = np.array([2, 0, 1, 2], np.int32)


def _set_weights(model, label, *kinds):
    """Set random weights, which must have these shapes in some order; they are returned so."""
    start = value(model.get_weights())
    found, wanted = sorted(np.shape(w) for w in start), sorted(kinds)
    that(found == wanted, f"the weights have shapes {found}; expected {wanted}")
    draw = rng(label)
    new = {kind: draw.normal(0, 0.8, kind).astype(np.float32) for kind in kinds}
    model.set_weights([new[np.shape(weight)] for weight in start])
    return [new[kind].astype(np.float64) for kind in kinds]


@test_case(
    points=0.75,
    hidden=True,
    failure_message="[noise, embedding of the label], in that order, as the decoder wants it",
)
@trusts("the weights of a network are read from the network")
def test_generator_joins_noise_and_class(build_conditional_generator):
    """The decoder gets the noise, then the vector of the class"""
    noise = rng("noise").standard_normal((4, 3)).astype(np.float32)
    model = build_conditional_generator(remote.define(PARTS).decoder(8), 3, 4)
    (table,) = _set_weights(model, "table", (4, 5))
    expected = np.concatenate([noise, table[LABELS]], axis=1)[..., None, None] ** 3
    close(model([noise, LABELS]), expected, rtol=1e-4, atol=1e-4, what="the images")  # float32


@test_case(
    points=0.75,
    hidden=True,
    failure_message="w . f(x) + b + v_y . f(x): the class vector meets the features",
)
@trusts("the weights of a network are read from the network")
def test_projection_forward(build_projection_discriminator):
    """The logit is an affine function of the features plus their product with the class's vector"""
    images = rng("images").uniform(-1.5, 1.5, (4, 2, 2, 2)).astype(np.float32)
    model = build_projection_discriminator(remote.define(PARTS).flat(2, 2), 3)
    kernel, bias, table = _set_weights(model, "projection", (8, 1), (1,), (3, 8))
    found = images.reshape(4, 8).astype(np.float64) ** 3
    products = np.array([[row @ table[label]] for row, label in zip(found, LABELS, strict=True)])
    expected = found @ kernel + bias + products
    close(model([images, LABELS]), expected, rtol=1e-4, atol=1e-4, what="the logits")  # float32


@test_case(
    points=0.5,
    hidden=True,
    failure_message="784 numbers of the class, row by row, as the second channel; then one neuron",
)
@trusts("the weights of a network are read from the network")
def test_plane_forward(build_plane_discriminator):
    """The features are those of the image and of the plane of its class, side by side"""
    images = rng("images").uniform(-1, 1, (4, 28, 28, 1)).astype(np.float32)
    model = build_plane_discriminator(remote.define(PARTS).flat(28, 2), 3)
    kernel, bias, table = _set_weights(model, "plane", (1568, 1), (1,), (3, 784))
    planes = table[LABELS].reshape(4, 28, 28, 1)
    found = np.concatenate([images, planes], axis=3).reshape(4, -1) ** 3
    # float32 sums of 1,568 terms of size 1
    close(model([images, LABELS]), found @ kernel + bias, rtol=1e-3, atol=1e-2, what="the logits")

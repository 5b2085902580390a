"""q2: the generator, and virtual batch normalisation (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, shape, statistical, that, trusts, value

OK_FORMAT = False
name = "q2"
points = None

# A network whose answer to an example depends on the first `size` examples of its batch.
BESIDE = """
import keras
import numpy as np
import tensorflow as tf

class Beside(keras.layers.Layer):
    def __init__(self, size):
        super().__init__()
        self.size = size

    def call(self, x):
        return x * tf.reduce_sum(x[: self.size])

def network(size, kernel):
    model = keras.Sequential([keras.Input((len(kernel),)), Beside(size), keras.layers.Dense(3)])
    model.set_weights([kernel, np.zeros(3, "float32")])
    return model

def learnt(layer, shape, gamma, beta):
    layer.build(shape)
    layer.gamma.assign(gamma)
    layer.beta.assign(beta)
    return layer

def slopes(layer, inputs, coefficients):
    x = tf.constant(inputs)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(coefficients * layer(x))
    return tape.gradient(total, x)
"""


def _set_weights(model, label, kinds):
    """Set random weights of these shapes; BN variances are positive. They are returned."""
    found = [np.shape(weight) for weight in value(model.get_weights())]
    that(found == list(kinds), f"the weights have shapes {found}; expected {list(kinds)}")
    draw = rng(label)
    weights = [draw.normal(0, 0.6, kind).astype(np.float32) for kind in kinds]
    weights = [np.abs(w) + 0.3 if w.ndim == 1 else w for w in weights]
    model.set_weights(weights)
    return weights


def _shapes(inputs, channels, statistics):
    """The shapes of the generator's weights, layer by layer."""
    first, second, third = channels
    kinds = [(inputs, 49 * first), (49 * first,), *[(first,)] * statistics]
    kinds += [(4, 4, second, first), (second,), *[(second,)] * statistics]
    kinds += [(4, 4, third, second), (third,), *[(third,)] * statistics]
    return [*kinds, (3, 3, third, 1), (1,)]


@test_case(
    points=0.75,
    hidden=True,
    failure_message="Dense, then two transposed convolutions (4x4, stride 2, same), each with "
    "batch normalisation and then ReLU; at the end a 3x3 convolution with tanh",
)
@trusts("the weights of a network are read from the network")
def test_generator_forward(build_generator):
    """With three, two and two channels the generator computes what NumPy does"""
    model = build_generator(5, (3, 2, 2))
    weights = _set_weights(model, "weights", _shapes(5, (3, 2, 2), 4))
    weights = [w - 0.4 if w.ndim == 1 else w for w in weights]  # some biases and means below 0
    for at in (5, 11, 17):
        weights[at] = weights[at] + 0.4
    model.set_weights(weights)
    vectors = rng("vectors").standard_normal((3, 5)).astype(np.float32)
    expected = oracle.generator_images(vectors, weights, batch=True)
    # float32 sums of a hundred terms before tanh
    close(model(vectors, training=False), expected, rtol=0, atol=1e-3, what="the images")


@test_case(
    points=0.5,
    hidden=True,
    failure_message='normalisation is "batch", "virtual" with reference_size, or "none"',
)
@trusts("the weights of a network are read from the network")
def test_other_normalisations(build_generator):
    """Without normalisation the generator has none; a virtual one learns two numbers a channel"""
    vectors = rng("vectors").standard_normal((6, 4)).astype(np.float32)
    plain = build_generator(4, (2, 3, 2), normalisation="none")
    weights = _set_weights(plain, "plain", _shapes(4, (2, 3, 2), 0))
    expected = oracle.generator_images(vectors, weights, batch=False)
    close(plain(vectors), expected, rtol=0, atol=1e-3, what="the images without normalisation")
    virtual = build_generator(4, (2, 3, 2), normalisation="virtual", reference_size=4)
    _set_weights(virtual, "virtual", _shapes(4, (2, 3, 2), 2))
    images, alone = value(virtual(vectors)), value(virtual(vectors[:5]))
    shape(images, (6, 28, 28, 1), "the images")
    # float32, and a variance
    close(images[:5], alone, rtol=0, atol=1e-3, what="the images with one example less behind")
    other = np.concatenate([vectors[1:4], vectors[:1] + 2, vectors[4:]])
    moved = np.abs(value(virtual(other))[4:] - images[4:]).max()
    that(moved > 1e-3, "the images do not depend on the reference batch of four")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="each example with the mean and biased variance of {reference batch, itself}, "
    "per channel; the reference batch with its own; then gamma and beta",
)
@trusts("the weights of a layer are set on the layer")
def test_virtual_statistics(VirtualBatchNormalization):
    """Dense features and feature maps are normalised as NumPy does it, set by set"""
    helper = remote.define(BESIDE)
    for kind in ((9, 5), (7, 3, 4, 2)):
        draw = rng(f"{kind}")
        inputs = (3 * draw.standard_normal(kind) + 2).astype(np.float32)
        gamma, beta = draw.uniform(0.5, 2, (2, kind[-1])).astype(np.float32)
        for size, epsilon in ((4, 1e-3), (3, 0.5)):
            layer = VirtualBatchNormalization(size, epsilon=epsilon)
            helper.learnt(layer, list(kind), gamma, beta)
            expected = oracle.virtually_normalised(inputs, size, gamma, beta, epsilon)
            # float32, and a variance taken as a difference
            close(layer(inputs), expected, rtol=1e-3, atol=1e-3, what=f"the output for {kind}")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="the statistics are part of the layer: no stop_gradient, no NumPy",
)
@trusts("the gradient is taken beside the student's code")
def test_gradient_through_statistics(VirtualBatchNormalization):
    """The gradient of the output by every input is that of the formula"""
    draw = rng("gradient")
    inputs = draw.standard_normal((5, 2)).astype(np.float32)
    coefficients = draw.standard_normal((5, 2)).astype(np.float32)
    layer = VirtualBatchNormalization(3, epsilon=0.1)
    slopes = remote.define(BESIDE).slopes(layer, inputs, coefficients)
    expected, step = np.empty((5, 2)), 1e-5
    for at in np.ndindex(5, 2):
        ends = []
        for sign in (1, -1):
            moved = inputs.astype(np.float64)
            moved[at] += sign * step
            found = oracle.virtually_normalised(moved, 3, np.ones(2), np.zeros(2), 0.1)
            ends.append(np.sum(coefficients * found))
        expected[at] = (ends[0] - ends[1]) / (2 * step)
    # float32 and a difference quotient
    close(slopes, expected, rtol=1e-3, atol=1e-3, what="the gradient")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="put the reference batch in front, and cut its answers off again; the weights "
    "stay those of the network",
)
@statistical(1e-9, "a sum of six numbers within 1e-9 of another")
@trusts("the weights of a network are read from the network")
def test_reference_comes_first(with_reference):
    """The network sees reference, then input, at every batch size, and keeps its weights"""
    draw = rng("beside")
    kernel = draw.normal(size=(2, 3)).astype(np.float32)
    reference = draw.uniform(0.5, 1.5, (3, 2)).astype(np.float32)
    network = remote.define(BESIDE).network(3, kernel)
    model = with_reference(network, reference)
    for count in (1, 4):
        inputs = draw.normal(size=(count, 2)).astype(np.float32)
        expected = inputs @ kernel * reference.sum()
        close(model(inputs), expected, rtol=1e-4, atol=1e-4, what="the answers")
    network.set_weights([2 * kernel, np.zeros(3, np.float32)])
    what = "the answers after the network's weights have doubled"
    close(model(inputs), 2 * expected, rtol=1e-4, atol=1e-4, what=what)
    equal(len(model.trainable_weights), 2, "the number of trainable arrays")

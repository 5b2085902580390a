"""q9: the dense generator and discriminator (hidden)."""

import numpy as np
from oracle import dense_discriminator_logits
from otter.test_files import test_case

from kit.testing import close, equal, rng, shape, statistical, that, trusts, value

OK_FORMAT = False
name = "q9"
points = None


def _sizes(model):
    """The numbers of trainable and of all parameters."""
    trainable = [value(weight) for weight in model.trainable_weights]
    everything = value(model.get_weights())
    return [sum(weight.size for weight in weights) for weights in (trainable, everything)]


def _weights(model, *shapes):
    """The model's weights, checked to have these shapes before the oracle works with them."""
    weights = value(model.get_weights())
    found = [np.shape(weight) for weight in weights]
    that(found == list(shapes), f"the weights have shapes {found}; expected {list(shapes)}")
    return weights


@test_case(
    points=1,
    hidden=True,
    failure_message="100-256-512-784, each hidden Dense followed by batch normalisation",
)
@trusts("the weights of a network are read from the network")
def test_generator_parameters(build_dense_generator):
    """The dense generator has 561,168 trainable parameters out of 562,704"""
    sizes = _sizes(build_dense_generator())
    equal(sizes, [561_168, 562_704], "the number of trainable and of all parameters")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="images run from -1 to 1: the generator ends in tanh",
)
@statistical(1e-30, "784 pixels of an image would all have one sign")
def test_generator_reaches_both_ends(build_dense_generator):
    """For very large noise the dense generator's pixels reach -1 and 1, and stay within"""
    images = build_dense_generator()(
        1e5 * rng("large").standard_normal((4, 100)).astype(np.float32)
    )
    pixels = value(images)
    # tanh is 1 to seven digits from 9 on; of 3,136 pixels of scale 1e4 almost all are there.
    close(np.abs(pixels).max(), 1.0, rtol=0, atol=1e-5, what="the largest pixel's size")
    that(pixels.min() < -0.99, f"no pixel is near -1; the smallest is {pixels.min():.3f}")
    that(pixels.max() > 0.99, f"no pixel is near 1; the largest is {pixels.max():.3f}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="use noise_dim, not the number 100; LeakyReLU(0.2) follows each normalisation",
)
@statistical(1e-30, "784 pixels would all agree to four digits")
def test_generator_noise_dimension(build_dense_generator):
    """Built for 20-dimensional noise, the generator uses it; -1 in a hidden unit counts as -0.2"""
    noise = rng("twenty").standard_normal((3, 20)).astype(np.float32)
    model = build_dense_generator(20)
    images = value(model(noise))
    shape(images, (3, 28, 28, 1), "the images")
    that(not np.allclose(images[0], images[1], atol=1e-4), "two noise vectors gave one image")
    start = value(model.get_weights())
    kernels = [index for index, weight in enumerate(start) if weight.ndim == 2]
    that(len(kernels) == 3, f"expected three Dense layers, found {len(kernels)} matrices")
    for layer, following in zip(kernels, kernels[1:], strict=False):
        answers = []
        for unit, sign in ((-1.0, 1), (0.2, -1)):  # both must come to the same
            weights = [weight.copy() for weight in start]
            weights[layer][:], weights[layer + 1][:] = 0, unit
            weights[following] *= sign
            model.set_weights(weights)
            answers.append(value(model(noise, training=False)))
        # float32 sums of 512 terms
        close(answers[0], answers[1], rtol=0, atol=1e-4, what="the images of negative units")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="784-512-256-1 with biases and without batch normalisation",
)
@trusts("the weights of a network are read from the network")
def test_discriminator_parameters(build_dense_discriminator):
    """The dense discriminator has 533,505 parameters, all of them trainable"""
    sizes = _sizes(build_dense_discriminator())
    equal(sizes, [533_505, 533_505], "the number of trainable and of all parameters")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="the discriminator returns a logit: leave the sigmoid to the loss",
)
@statistical(1e-30, "20 logits of size 300 would all lie within 1.5")
def test_discriminator_returns_logits(build_dense_discriminator):
    """The dense discriminator's output is not squeezed into an interval"""
    images = 1000 * rng("bright").uniform(-1, 1, (20, 28, 28, 1)).astype(np.float32)
    largest = np.abs(value(build_dense_discriminator()(images))).max()
    that(largest > 1.5, f"the outputs for very bright images reach only {largest:.3f}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="the hidden layers end in LeakyReLU with slope 0.2, the last one in nothing",
)
@trusts("the weights of a network are read from the network")
def test_discriminator_forward(build_dense_discriminator):
    """Outside training the dense discriminator is three affine maps with LeakyReLU between"""
    images = rng("forward").uniform(-1, 1, (6, 28, 28, 1)).astype(np.float32)
    model = build_dense_discriminator()
    shapes = (784, 512), (512,), (512, 256), (256,), (256, 1), (1,)
    expected = dense_discriminator_logits(images, _weights(model, *shapes))
    # float32 sums of 784 terms; the logits are of size 1.
    close(model(images, training=False), expected, rtol=1e-3, atol=1e-4, what="the logits")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="dropout of 0.3 after each hidden LeakyReLU of the discriminator",
)
@statistical(1e-15, "of 100 units, each dropped with 0.3, none would be dropped")
def test_discriminator_dropout(build_dense_discriminator):
    """The dense discriminator drops 30 % after each hidden layer in training, and only there"""
    images = rng("dropout").uniform(-1, 1, (6, 28, 28, 1)).astype(np.float32)
    model = build_dense_discriminator()
    quiet = [value(model(images, training=False)) for _ in range(2)]
    equal(quiet[1], quiet[0], "a second answer outside training")
    weights = [np.zeros_like(weight) for weight in value(model.get_weights())]
    that([w.ndim for w in weights] == [2, 1, 2, 1, 2, 1], "expected three Dense layers with biases")
    one = np.zeros((100, 28, 28, 1), np.float32)
    for layers, bias in ((2, weights[1]), (1, weights[3])):
        # One unit is 1, and goes through both dropouts, or through the second alone.
        weights[1][0], weights[2][0, 0], weights[3][0], weights[4][0, 0] = 0, layers == 2, 0, 1
        bias[0] = 1
        model.set_weights(weights)
        outputs = value(model(one, training=True))
        bias[0] = 0.7**-layers  # what dropout makes of a 1 that it keeps
        model.set_weights(weights)
        kept = value(model(one[:1], training=False))
        close(outputs.max(), kept.max(), rtol=1e-5, what=f"a unit that {layers} dropouts keep")
        that(outputs.min() < outputs.max(), "no dropout in training")

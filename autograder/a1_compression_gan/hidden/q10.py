"""q10: the convolutional generator and discriminator (hidden)."""

import numpy as np
from oracle import conv_discriminator_logits, conv_generator_images
from otter.test_files import test_case

from kit.testing import close, equal, rng, shape, statistical, that, trusts, value

OK_FORMAT = False
name = "q10"
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
    failure_message="noise of 6272 is only reshaped; 128 -> 64 -> 1 channels, 5x5, one BN between",
)
@trusts("the weights of a network are read from the network")
def test_generator_parameters(build_conv_generator):
    """The convolutional generator has 206,593 trainable parameters out of 206,721"""
    sizes = _sizes(build_conv_generator())
    equal(sizes, [206_593, 206_721], "the number of trainable and of all parameters")


@test_case(
    points=1,
    hidden=True,
    failure_message="7 -> 14 -> 28 by Conv2DTranspose with strides=2 and padding='same', then tanh",
)
@trusts("the weights of a network are read from the network")
def test_generator_forward(build_conv_generator):
    """The convolutional generator is two transposed 5x5 convolutions of stride 2 ("same")"""
    noise = rng("forward").standard_normal((2, 6272)).astype(np.float32)
    model = build_conv_generator()
    shapes = (5, 5, 64, 128), *[(64,)] * 5, (5, 5, 1, 64), (1,)
    expected = conv_generator_images(noise, _weights(model, *shapes))
    # float32 against float64, and room for another epsilon in the batch normalisation (5e-4).
    close(model(noise, training=False), expected, rtol=5e-3, atol=1e-3, what="the images")


@test_case(
    points=1,
    hidden=True,
    failure_message="other noise goes through Dense, batch normalisation, LeakyReLU(0.2) first",
)
@trusts("the weights of a network are read from the network")
def test_generator_small_noise(build_conv_generator):
    """Built for 100-dimensional noise, it has a Dense layer to 7x7x128 in front"""
    model = build_conv_generator(100)
    noise = rng("small").standard_normal((2, 100)).astype(np.float32)
    shape(model(noise), (2, 28, 28, 1), "the images")
    equal(_sizes(model)[0], 852_609, "the number of trainable parameters")
    start = value(model.get_weights())
    kernel = next(index for index, weight in enumerate(start) if weight.ndim == 4)
    answers = []
    for unit, sign in ((-1.0, 1), (0.2, -1)):  # LeakyReLU(0.2) makes the same of both
        weights = [weight.copy() for weight in start]
        weights[0][:], weights[1][:] = 0, unit
        weights[kernel] *= sign
        model.set_weights(weights)
        answers.append(value(model(noise, training=False)))
    # float32 sums of up to 1,152 terms
    close(answers[0], answers[1], rtol=0, atol=1e-4, what="the images of negative features")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="images run from -1 to 1: the generator ends in tanh",
)
@statistical(1e-30, "784 pixels of an image would all have one sign")
def test_generator_reaches_both_ends(build_conv_generator):
    """For very large noise the convolutional generator's pixels reach -1 and 1, and stay within"""
    noise = 1e5 * rng("large").standard_normal((2, 6272)).astype(np.float32)
    pixels = value(build_conv_generator()(noise))
    # tanh is 1 to seven digits from 9 on; almost all of the 1,568 pixels are there.
    close(np.abs(pixels).max(), 1.0, rtol=0, atol=1e-5, what="the largest pixel's size")
    that(pixels.min() < -0.99, f"no pixel is near -1; the smallest is {pixels.min():.3f}")
    that(pixels.max() > 0.99, f"no pixel is near 1; the largest is {pixels.max():.3f}")


@test_case(
    points=1,
    hidden=True,
    failure_message="28 -> 14 -> 7 by Conv2D with strides=2 and padding='same', LeakyReLU(0.2)",
)
@trusts("the weights of a network are read from the network")
def test_discriminator_forward(build_conv_discriminator):
    """The convolutional discriminator is two 5x5 convolutions of stride 2 ("same"), then a logit"""
    images = rng("forward").uniform(-1, 1, (2, 28, 28, 1)).astype(np.float32)
    model = build_conv_discriminator()
    shapes = (5, 5, 1, 64), (64,), (5, 5, 64, 128), (128,), (6272, 1), (1,)
    expected = conv_discriminator_logits(images, _weights(model, *shapes))
    # float32 sums of up to 6,272 terms; the logits are of size 1.
    close(model(images, training=False), expected, rtol=2e-3, atol=2e-4, what="the logits")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="64 filters of 5x5, then 128 of 5x5, then one neuron on 6272 features",
)
@trusts("the weights of a network are read from the network")
def test_discriminator_kernels(build_conv_discriminator):
    """The kernels are 5x5x1x64 and 5x5x64x128, and the last neuron weighs 6,272 features"""
    weights = value(build_conv_discriminator().get_weights())
    shapes = [weight.shape for weight in weights if weight.ndim > 1]
    expected = [(5, 5, 1, 64), (5, 5, 64, 128), (6272, 1)]
    that(shapes == expected, f"the weights have shapes {shapes}; expected {expected}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="dropout of 0.3 after each LeakyReLU of the discriminator",
)
@statistical(1e-15, "of 100 units, each dropped with 0.3, none would be dropped")
def test_discriminator_dropout(build_conv_discriminator):
    """The convolutional discriminator drops 30 % after each convolution in training, only there"""
    images = rng("dropout").uniform(-1, 1, (4, 28, 28, 1)).astype(np.float32)
    model = build_conv_discriminator()
    quiet = [value(model(images, training=False)) for _ in range(2)]
    equal(quiet[1], quiet[0], "a second answer outside training")
    weights = [np.zeros_like(weight) for weight in value(model.get_weights())]
    that([w.ndim for w in weights] == [4, 1, 4, 1, 2, 1], "expected two convolutions and a neuron")
    middle = weights[2].shape[0] // 2
    one = np.zeros((100, 28, 28, 1), np.float32)
    for layers, bias in ((2, weights[1]), (1, weights[3])):
        # Units of one map are 1, and go through both dropouts, or through the second alone.
        weights[1][0], weights[2][middle, middle, 0, 0], weights[3][0] = 0, layers == 2, 0
        weights[4][0, 0], bias[0] = 1, 1
        model.set_weights(weights)
        outputs = value(model(one, training=True))
        bias[0] = 0.7**-layers  # what dropout makes of a 1 that it keeps
        model.set_weights(weights)
        kept = value(model(one[:1], training=False))
        close(outputs.max(), kept.max(), rtol=1e-5, what=f"a unit that {layers} dropouts keep")
        that(outputs.min() < outputs.max(), "no dropout in training")

"""Questions 1 and 2: the networks of a DCGAN and of a conditional GAN for 28x28 grey images.

A conditional network is an unconditional one and a little more, which it takes as an argument: the
generator of the CGAN feeds a DCGAN generator with noise and class, its discriminator compares the
same features with the class. Discriminators end in a logit; the sigmoid belongs to the loss.
"""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf
from keras import layers

Array = np.ndarray


class VirtualBatchNormalization(layers.Layer):
    """Normalise each example with a reference batch and itself (Salimans et al. 2016, section 3.4).

    The first `reference_size` = R examples of the input are the reference batch. They are
    normalised with their own mean and variance; every other example with those of the R + 1
    examples {reference batch, the example}, each weighing 1 / (R + 1). So an answer depends on no
    other example of its batch, in training and in inference alike.

    Statistics are per channel (the last axis), over all other axes; variances are the biased ones.
    Then the result is multiplied by `gamma` and shifted by `beta`, which are learnt, one number a
    channel. Gradients flow through the statistics of the reference batch too.
    """

    def __init__(self, reference_size: int, epsilon: float = 1e-3) -> None:
        super().__init__()
        self.reference_size = reference_size
        self.epsilon = epsilon

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Make `gamma` (ones) and `beta` (zeros)."""
        self.gamma = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="gamma")
        self.beta = self.add_weight(shape=(input_shape[-1],), initializer="zeros", name="beta")

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """From (R + n, ..., channels) to the same shape."""
        # BEGIN SOLUTION
        size = self.reference_size
        places = list(range(1, len(inputs.shape) - 1))
        means = tf.reduce_mean(inputs, places, keepdims=True)
        squares = tf.reduce_mean(tf.square(inputs), places, keepdims=True)
        mean = tf.reduce_mean(means[:size], 0, keepdims=True)
        square = tf.reduce_mean(squares[:size], 0, keepdims=True)
        mixed_means = (size * mean + means[size:]) / (size + 1)
        mixed_squares = (size * square + squares[size:]) / (size + 1)
        means = tf.concat([tf.repeat(mean, size, 0), mixed_means], 0)
        squares = tf.concat([tf.repeat(square, size, 0), mixed_squares], 0)
        scale = self.gamma * tf.math.rsqrt(squares - tf.square(means) + self.epsilon)
        return (inputs - means) * scale + self.beta
        # END SOLUTION


def with_reference(network: keras.Model, reference: Array) -> keras.Model:
    """A network that is always shown the same reference batch in front of its input.

    Args:
        network: from (R + n, d) to R + n answers, with layers `VirtualBatchNormalization(R)`.
        reference: float32 (R, d), the reference batch, fixed from now on.

    Returns:
        A model from (n, d) to the n answers that belong to its input. Its weights are those of
        `network` itself, not copies.
    """
    # BEGIN SOLUTION
    inputs = keras.Input(reference.shape[1:])
    answers = network(layers.Lambda(lambda x: tf.concat([reference, x], 0))(inputs))
    return keras.Model(inputs, layers.Lambda(lambda x: x[len(reference) :])(answers))
    # END SOLUTION


def build_generator(
    inputs: int = 64,
    channels: Sequence[int] = (96, 48, 32),
    normalisation: str = "batch",
    reference_size: int = 0,
) -> keras.Sequential:
    """The DCGAN generator: 7x7xc0 - 14x14xc1 - 28x28xc2 - 28x28x1 (after Radford et al. 2015).

    Dense to 7 * 7 * c0 numbers, reshaped; two transposed convolutions with 4x4 kernels, stride 2
    and "same" padding, to c1 and c2 channels; each of the three is followed by a normalisation per
    channel and ReLU. At the end a 3x3 convolution, "same", to one channel, with tanh. All layers
    have biases.

    Args:
        inputs: the length of the input vectors.
        channels: c0, c1, c2.
        normalisation: "batch" for batch normalisation, "virtual" for `VirtualBatchNormalization`,
            "none" for none.
        reference_size: that of the virtual batch normalisations.

    Returns:
        A model from vectors (n, inputs) to images (n, 28, 28, 1) in [-1, 1]. For 64 inputs it has
        405,137 parameters, 404,785 of them trainable.
    """

    # BEGIN SOLUTION
    def normalise() -> list[layers.Layer]:
        if normalisation == "batch":
            return [layers.BatchNormalization()]
        return [VirtualBatchNormalization(reference_size)] if normalisation == "virtual" else []

    first, second, third = channels
    return keras.Sequential(
        [
            keras.Input((inputs,)),
            layers.Dense(7 * 7 * first),
            layers.Reshape((7, 7, first)),
            *normalise(),
            layers.ReLU(),
            layers.Conv2DTranspose(second, 4, strides=2, padding="same"),
            *normalise(),
            layers.ReLU(),
            layers.Conv2DTranspose(third, 4, strides=2, padding="same"),
            *normalise(),
            layers.ReLU(),
            layers.Conv2D(1, 3, padding="same", activation="tanh"),
        ]
    )
    # END SOLUTION


def build_features(
    channels: Sequence[int] = (32, 64, 128), spectral: bool = True, planes: int = 1
) -> keras.Sequential:
    """The convolutions of a discriminator: 28x28 - 14x14xc0 - 7x7xc1 - 4x4xc2, flattened.

    Kernels are 4x4, 4x4 and 3x3, strides 2, padding "same"; LeakyReLU with slope 0.2 follows each.
    There is no normalisation of activations: the networks stay Lipschitz by
    `keras.layers.SpectralNormalization` round each convolution (Miyato et al. 2018).

    Args:
        channels: c0, c1, c2.
        spectral: without it the convolutions stand alone.
        planes: the channels of the input.

    Returns:
        A model from images (n, 28, 28, planes) to features (n, 16 * c2).
    """
    # BEGIN SOLUTION
    blocks = []
    for width, kernel in zip(channels, (4, 4, 3), strict=True):
        convolution = layers.Conv2D(width, kernel, strides=2, padding="same")
        blocks.append(layers.SpectralNormalization(convolution) if spectral else convolution)
        blocks.append(layers.LeakyReLU(0.2))
    return keras.Sequential([keras.Input((28, 28, planes)), *blocks, layers.Flatten()])
    # END SOLUTION


def build_discriminator(features: keras.Model) -> keras.Model:
    """The DCGAN discriminator: one neuron that weighs the features of an image.

    Args:
        features: from images (n, 28, 28, 1) to features (n, f); becomes a part of the model.

    Returns:
        A model from images to logits (n, 1) of "real".
    """
    # BEGIN SOLUTION
    return keras.Sequential([features, layers.Dense(1)])
    # END SOLUTION


def build_conditional_generator(
    decoder: keras.Model, noise_dim: int = 64, classes: int = 10
) -> keras.Model:
    """The CGAN generator: noise and an embedding of the class, side by side, into a decoder.

    Args:
        decoder: from vectors (n, d) to images, such as `build_generator(d)`; becomes a part of the
            model. The embedding of a class has d - noise_dim numbers.
        noise_dim: the length of the noise vectors, smaller than d.
        classes: how many labels there are.

    Returns:
        A model from [noise (n, noise_dim), labels (n,)] to the decoder's images. The noise comes
        first in the decoder's input.
    """
    # BEGIN SOLUTION
    noise, labels = keras.Input((noise_dim,)), keras.Input((), dtype="int32")
    embedded = layers.Embedding(classes, decoder.input_shape[-1] - noise_dim)(labels)
    return keras.Model([noise, labels], decoder(layers.Concatenate()([noise, embedded])))
    # END SOLUTION


def build_projection_discriminator(features: keras.Model, classes: int = 10) -> keras.Model:
    """A CGAN discriminator: w . f(x) + b + v_y . f(x) for an image x and its class y.

    The class has a vector v_y as long as the features, learnt as an embedding, and is compared with
    them by their inner product (Miyato & Koyama 2018).

    Args:
        features: f, from images to features (n, m); becomes a part of the model.
        classes: how many labels there are.

    Returns:
        A model from [images, labels (n,)] to logits (n, 1).
    """
    # BEGIN SOLUTION
    images, labels = keras.Input(features.input_shape[1:]), keras.Input((), dtype="int32")
    found = features(images)
    vectors = layers.Embedding(classes, features.output_shape[-1])(labels)
    agreement = layers.Dot(axes=1)([found, vectors])
    return keras.Model([images, labels], layers.Dense(1)(found) + agreement)
    # END SOLUTION


def build_plane_discriminator(features: keras.Model, classes: int = 10) -> keras.Model:
    """The older CGAN discriminator: the class is drawn as a second plane of the image.

    An embedding gives each class 28 * 28 numbers, which lie beside the pixels as a channel of their
    own (Mirza & Osindero 2014, who concatenate vectors); one neuron weighs the features.

    Args:
        features: from (n, 28, 28, 2), the image first, to features; becomes a part of the model.
        classes: how many labels there are.

    Returns:
        A model from [images (n, 28, 28, 1), labels (n,)] to logits (n, 1).
    """
    # BEGIN SOLUTION
    images, labels = keras.Input((28, 28, 1)), keras.Input((), dtype="int32")
    plane = layers.Reshape((28, 28, 1))(layers.Embedding(classes, 28 * 28)(labels))
    found = features(layers.Concatenate()([images, plane]))
    return keras.Model([images, labels], layers.Dense(1)(found))
    # END SOLUTION

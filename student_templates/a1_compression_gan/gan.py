"""Exercise 2, the networks: a dense and a convolutional GAN for 28x28 grey images.

Images lie in [-1, 1], the range of tanh, with the channel last. Both discriminators end in a
logit: the sigmoid belongs to the loss, where it can be taken without overflow. Nothing is trained
here (see `gan_training`).
"""

import keras
import numpy as np
from keras import layers

Array = np.ndarray


def scale_images(images: Array) -> Array:
    """Scale grey levels from 0..255 to [-1, 1] and add the channel axis.

    Args:
        images: uint8 (n, 28, 28); left as it is.

    Returns:
        float32 (n, 28, 28, 1); level 0 becomes -1 and level 255 becomes 1.
    """
    raise NotImplementedError("scale_images is not written yet")


def build_dense_generator(noise_dim: int = 100) -> keras.Sequential:
    """The dense generator: noise_dim - 256 - 512 - 784, reshaped to an image.

    Each hidden Dense is followed by batch normalisation (Ioffe & Szegedy 2015) and LeakyReLU with
    slope 0.2; the last one by tanh.

    Returns:
        A model from noise (n, noise_dim) to images (n, 28, 28, 1) in [-1, 1]. For noise_dim 100
        it has 562,704 parameters, 561,168 of them trainable.
    """
    raise NotImplementedError("build_dense_generator is not written yet")


def build_dense_discriminator() -> keras.Sequential:
    """The dense discriminator: an image is flattened, then 784 - 512 - 256 - 1.

    Each hidden Dense is followed by LeakyReLU with slope 0.2 and dropout of 30 %. There is no
    batch normalisation: on a batch of real and fake images its statistics would give them away.
    There is no sigmoid either: the output is the logit of "real", and the loss takes the sigmoid
    (the probability is a monotone function of it, so nothing is lost).

    Returns:
        A model from images (n, 28, 28, 1) to logits (n, 1), with 533,505 trainable parameters.
    """
    raise NotImplementedError("build_dense_discriminator is not written yet")


def build_conv_generator(noise_dim: int = 6272) -> keras.Sequential:
    """The convolutional generator: 7x7x128 - 14x14x64 - 28x28x1 (after Radford et al. 2015).

    The noise of 6272 = 7 * 7 * 128 numbers is reshaped to feature maps, as the handout has it.
    Two transposed convolutions with 5x5 kernels and stride 2, "same" padding, double the image
    twice; between them stand batch normalisation and LeakyReLU with slope 0.2, after them tanh.
    Noise of any other dimension first goes through a Dense layer to 6272, with batch
    normalisation and LeakyReLU.

    Returns:
        A model from noise (n, noise_dim) to images (n, 28, 28, 1) in [-1, 1]. For noise_dim 6272
        it has 206,721 parameters, 206,593 of them trainable; for noise_dim 100 it has 852,609
        trainable ones.
    """
    raise NotImplementedError("build_conv_generator is not written yet")


def build_conv_discriminator() -> keras.Sequential:
    """The convolutional discriminator: 28x28x1 - 14x14x64 - 7x7x128 - 6272 - 1.

    Two convolutions with 5x5 kernels and stride 2, "same" padding, each followed by LeakyReLU
    with slope 0.2 and dropout of 30 %; then the 6272 features are flattened and weighed by one
    Dense neuron, without a sigmoid (see `build_dense_discriminator`).

    Returns:
        A model from images (n, 28, 28, 1) to logits (n, 1), with 212,865 trainable parameters.
    """
    raise NotImplementedError("build_conv_discriminator is not written yet")


def stack_gan(generator: keras.Model, discriminator: keras.Model) -> keras.Sequential:
    """The full GAN: the generator, then the discriminator, frozen.

    The two networks are the ones passed, not copies: what the discriminator learns by its own
    steps is what the stack sees. Freezing it leaves the generator's weights as the only trainable
    ones of the stack, and puts the discriminator's batch normalisation, if any, in inference mode.

    Returns:
        A model from noise to logits whose two layers are `generator` and `discriminator`.
    """
    raise NotImplementedError("stack_gan is not written yet")

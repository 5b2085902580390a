"""Part 2: images from noise, by fewer than 1,000,000 parameters in at most 50,000 steps.

A network learns the velocity with which noise moves to images (flow matching, Lipman et al., 2023);
an image is made by following it from a vector z of the prior. Images are (n, 3, h, w) in [-1, 1],
times (n,) in [0, 1]: 0 is noise, 1 an image. Labels are 0..classes - 1; the label `classes` stands
for none. Cite here, and in the paper, every piece of code that is not your own.
"""

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch
from torch import Tensor, nn

# What the run in your paper had: plain numbers, such as 12_345.
PARAMETERS = None
STEPS = None


# Images, labels, noise


def scale_images(images: np.ndarray) -> np.ndarray:
    """Bytes of any shape as float32 in [-1, 1]: 0 becomes -1, 255 becomes 1."""
    raise NotImplementedError("scale_images is not written yet")


def to_uint8(images: Tensor) -> np.ndarray:
    """Images in [-1, 1] as bytes, each the nearest one; what is outside is cut off at 0 and 255."""
    raise NotImplementedError("to_uint8 is not written yet")


def balanced_labels(count: int, classes: int) -> Tensor:
    """Labels (count,) int64, each class as often as any other, or once more or less."""
    raise NotImplementedError("balanced_labels is not written yet")


def drop_labels(labels: Tensor, share: float, classes: int, generator: torch.Generator) -> Tensor:
    """Labels (n,) of which each is replaced by `classes`, no label, with probability `share`.

    A network that is trained so can make images with a label and without one, which guidance needs
    (Ho and Salimans, 2022). The labels given are not changed.
    """
    raise NotImplementedError("drop_labels is not written yet")


def sample_times(count: int, generator: torch.Generator) -> Tensor:
    """Times (count,), the sigmoid of standard normal numbers: more often midway than at an end."""
    raise NotImplementedError("sample_times is not written yet")


def slerp(first: Tensor, second: Tensor, weights: Sequence[float]) -> Tensor:
    """Vectors on the arc from one z to another: (len(weights), *shape of z).

    With the angle a between the two, the weight w gives (sin((1 - w) a) first + sin(w a) second) /
    sin(a): 0 is `first`, 1 is `second`. Between normal vectors a straight line leaves the sphere on
    which nearly all of the prior lies; the arc stays. Where one is nearly a positive multiple of
    the other (an angle below 1e-3), the line itself.
    """
    raise NotImplementedError("slerp is not written yet")


# Flow matching


def noise_to_image(noise: Tensor, images: Tensor, times: Tensor) -> tuple[Tensor, Tensor]:
    """Where a point is on its straight way from noise to an image, and its velocity.

    Args:
        noise: (n, ...), at time 0.
        images: (n, ...), at time 1.
        times: (n,), one for each image.

    Returns:
        The points at these times and the velocities, both (n, ...).
    """
    raise NotImplementedError("noise_to_image is not written yet")


def flow_matching_loss(
    model: Callable[[Tensor, Tensor, Tensor], Tensor],
    images: Tensor,
    noise: Tensor,
    times: Tensor,
    labels: Tensor,
) -> Tensor:
    """The mean squared error, over all numbers, of the velocities that `model` predicts.

    The model is called once, as model(points, times, labels), with the points at these times on
    the straight ways from noise to images.
    """
    raise NotImplementedError("flow_matching_loss is not written yet")


def guided_velocity(
    model: Callable[[Tensor, Tensor, Tensor], Tensor],
    points: Tensor,
    times: Tensor,
    labels: Tensor,
    guidance: float,
    classes: int,
) -> Tensor:
    """The velocity without a label plus `guidance` times what the label changes in it.

    At guidance 1 it is the velocity with the label, and the model is called once only; at 0 it is
    that without one (all labels `classes`).
    """
    raise NotImplementedError("guided_velocity is not written yet")


def heun(velocity: Callable[[Tensor, float], Tensor], start: Tensor, steps: int) -> Tensor:
    """Follow a velocity from time 0 to time 1 in equal steps by Heun's method.

    Each step takes the mean of the velocity where it begins and of that at the point, and at the
    time, to which the first one alone would lead. `velocity(x, t)` is called twice per step.
    """
    raise NotImplementedError("heun is not written yet")


def sample(
    model: nn.Module,
    noise: Tensor,
    labels: Tensor,
    steps: int = 25,
    guidance: float = 1.0,
    classes: int = 100,
) -> Tensor:
    """Images (n, 3, h, w) in [-1, 1] from noise z of that shape: a function of z and labels alone.

    Heun's method on the guided velocity; times reach the model as (n,) in the type of the noise.
    The result is cut off at -1 and 1. In inference mode and without gradients; the mode of the
    network is left as it was.
    """
    raise NotImplementedError("sample is not written yet")


# The network


def build_unet(
    channels: Sequence[int] = (40, 80, 80), embedding: int = 64, classes: int = 100
) -> nn.Module:
    """A network of your own design: model(points, times, labels) gives velocities.

    Points and velocities are (n, 3, h, w), with sides that 4 divides; times (n,); labels (n,)
    0..classes. Its answer depends on the time and on the label, and not on what else is in the
    batch. With the default values it has fewer than 1,000,000 parameters, and each of them matters.

    Args:
        channels: how wide it is, at full size and at each size below, every time half of it;
            multiples of 8.
        embedding: how many numbers hold time and label.
        classes: how many labels there are, none not counted.
    """
    raise NotImplementedError("build_unet is not written yet")


# Training


def ema_update(average: nn.Module, model: nn.Module, decay: float) -> None:
    """Move the weights of `average` towards those of `model`: decay * old + (1 - decay) * new.

    Buffers (such as the running means of batch normalisation) are copied. The model is not changed,
    and no gradient is recorded.
    """
    raise NotImplementedError("ema_update is not written yet")


def train_generator(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    loss: Callable[[Tensor, Tensor], Tensor],
    batches: Iterable[tuple[Tensor, Tensor]],
    steps: int,
    first_step: int = 0,
    rate: Callable[[int], float] | None = None,
    on_step: Callable[[int], None] | None = None,
    most: float = 1.0,
) -> Tensor:
    """Make the steps first_step, ..., steps - 1, one update for each batch; never one more.

    Before each update the gradient of the whole network, as one vector, is cut to the length `most`
    where it is longer. The losses are not read during the training: that would stop the device at
    every step.

    Args:
        model: the network, in training mode at each step.
        optimizer: of its parameters.
        loss: `loss(images, labels)` of a batch, from the network.
        batches: images and labels; no more of them are drawn than there are steps.
        steps: the number of steps in all, those before `first_step` included.
        first_step: above 0 where a training that was interrupted goes on.
        rate: the learning rate of a step, set in every group before that step is made.
        on_step: called with the step's number after each update, such as to update an average.
        most: the greatest length of a gradient.

    Returns:
        The losses (steps - first_step,), each before its update, without a gradient.
    """
    raise NotImplementedError("train_generator is not written yet")

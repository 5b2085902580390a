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
# BEGIN SOLUTION
PARAMETERS = 883_379
STEPS = 50_000
# END SOLUTION

# BEGIN SOLUTION
_GROUPS = 8  # of the normalisations; divides every number of channels
_FREQUENCIES = 16  # of the time; their sines and cosines are what the network sees
# END SOLUTION


# Images, labels, noise


def scale_images(images: np.ndarray) -> np.ndarray:
    """Bytes of any shape as float32 in [-1, 1]: 0 becomes -1, 255 becomes 1."""
    # BEGIN SOLUTION
    return (images / 127.5 - 1).astype(np.float32)
    # END SOLUTION


def to_uint8(images: Tensor) -> np.ndarray:
    """Images in [-1, 1] as bytes, each the nearest one; what is outside is cut off at 0 and 255."""
    # BEGIN SOLUTION
    scaled = (images.detach().cpu() + 1) * 127.5
    return scaled.round().clamp(0, 255).to(torch.uint8).numpy()
    # END SOLUTION


def balanced_labels(count: int, classes: int) -> Tensor:
    """Labels (count,) int64, each class as often as any other, or once more or less."""
    # BEGIN SOLUTION
    return torch.arange(count) % classes
    # END SOLUTION


def drop_labels(labels: Tensor, share: float, classes: int, generator: torch.Generator) -> Tensor:
    """Labels (n,) of which each is replaced by `classes`, no label, with probability `share`.

    A network that is trained so can make images with a label and without one, which guidance needs
    (Ho and Salimans, 2022). The labels given are not changed.
    """
    # BEGIN SOLUTION
    dropped = torch.rand(len(labels), generator=generator) < share
    return torch.where(dropped, classes, labels)
    # END SOLUTION


def sample_times(count: int, generator: torch.Generator) -> Tensor:
    """Times (count,), the sigmoid of standard normal numbers: more often midway than at an end."""
    # BEGIN SOLUTION
    return torch.randn(count, generator=generator).sigmoid()
    # END SOLUTION


def slerp(first: Tensor, second: Tensor, weights: Sequence[float]) -> Tensor:
    """Vectors on the arc from one z to another: (len(weights), *shape of z).

    With the angle a between the two, the weight w gives (sin((1 - w) a) first + sin(w a) second) /
    sin(a): 0 is `first`, 1 is `second`. Between normal vectors a straight line leaves the sphere on
    which nearly all of the prior lies; the arc stays. Where one is nearly a positive multiple of
    the other (an angle below 1e-3), the line itself.
    """
    # BEGIN SOLUTION
    cosine = nn.functional.cosine_similarity(first.flatten(), second.flatten(), dim=0)
    angle = float(cosine.clamp(-1, 1).acos())
    if angle < 1e-3:
        return torch.stack([torch.lerp(first, second, w) for w in weights])
    points = [math.sin((1 - w) * angle) * first + math.sin(w * angle) * second for w in weights]
    return torch.stack(points) / math.sin(angle)
    # END SOLUTION


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
    # BEGIN SOLUTION
    share = times.reshape(-1, *[1] * (images.ndim - 1))
    return (1 - share) * noise + share * images, images - noise
    # END SOLUTION


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
    # BEGIN SOLUTION
    points, velocities = noise_to_image(noise, images, times)
    return nn.functional.mse_loss(model(points, times, labels), velocities)
    # END SOLUTION


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
    # BEGIN SOLUTION
    with_label = model(points, times, labels)
    if guidance == 1:
        return with_label
    without = model(points, times, torch.full_like(labels, classes))
    return without + guidance * (with_label - without)
    # END SOLUTION


def heun(velocity: Callable[[Tensor, float], Tensor], start: Tensor, steps: int) -> Tensor:
    """Follow a velocity from time 0 to time 1 in equal steps by Heun's method.

    Each step takes the mean of the velocity where it begins and of that at the point, and at the
    time, to which the first one alone would lead. `velocity(x, t)` is called twice per step.
    """
    # BEGIN SOLUTION
    x = start
    for step in range(steps):
        now, then = step / steps, (step + 1) / steps
        first = velocity(x, now)
        second = velocity(x + first / steps, then)
        x = x + (first + second) / (2 * steps)
    return x
    # END SOLUTION


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
    # BEGIN SOLUTION
    was_training = model.training
    model.eval()

    def velocity(x: Tensor, time: float) -> Tensor:
        return guided_velocity(model, x, x.new_full((len(x),), time), labels, guidance, classes)

    with torch.no_grad():
        images = heun(velocity, noise, steps).clamp(-1, 1)
    model.train(was_training)
    return images
    # END SOLUTION


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
    # BEGIN SOLUTION
    return _UNet(channels, embedding, classes)
    # END SOLUTION


# BEGIN SOLUTION
class _Block(nn.Module):
    """Two convolutions beside a shortcut; time and label scale and shift what is between them."""

    def __init__(self, before: int, after: int, embedding: int) -> None:
        super().__init__()
        self.first = nn.Sequential(
            nn.GroupNorm(_GROUPS, before), nn.SiLU(), nn.Conv2d(before, after, 3, padding=1)
        )
        self.film = nn.Linear(embedding, 2 * after)
        self.norm = nn.GroupNorm(_GROUPS, after, affine=False)
        self.second = nn.Sequential(nn.SiLU(), nn.Conv2d(after, after, 3, padding=1))
        self.shortcut = nn.Conv2d(before, after, 1)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        scale, shift = self.film(condition)[:, :, None, None].chunk(2, dim=1)
        return self.shortcut(x) + self.second(self.norm(self.first(x)) * (1 + scale) + shift)


class _Attention(nn.Module):
    """Every place looks at every other one; added to what was there."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(_GROUPS, channels)
        self.attention = nn.MultiheadAttention(channels, 4, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        places = self.norm(x).flatten(2).transpose(1, 2)
        found, _ = self.attention(places, places, places, need_weights=False)
        return x + found.transpose(1, 2).reshape(x.shape)


class _UNet(nn.Module):
    """A block at each size on the way down and up, and attention at the smallest size."""

    def __init__(self, channels: Sequence[int], embedding: int, classes: int) -> None:
        super().__init__()
        self.time = nn.Sequential(
            nn.Linear(2 * _FREQUENCIES, embedding), nn.SiLU(), nn.Linear(embedding, embedding)
        )
        self.label = nn.Embedding(classes + 1, embedding)
        self.enter = nn.Conv2d(3, channels[0], 3, padding=1)
        below = [*channels[1:], channels[-1]]
        self.down = nn.ModuleList(
            _Block(here, after, embedding) for here, after in zip(channels, below, strict=True)
        )
        self.middle = _Attention(channels[-1])
        self.up = nn.ModuleList(
            _Block(2 * after, here, embedding) for here, after in zip(channels, below, strict=True)
        )
        self.leave = nn.Sequential(
            nn.GroupNorm(_GROUPS, channels[0]), nn.SiLU(), nn.Conv2d(channels[0], 3, 3, padding=1)
        )

    def forward(self, x: Tensor, times: Tensor, labels: Tensor) -> Tensor:
        waves = times[:, None] * torch.exp2(torch.arange(_FREQUENCIES, device=x.device) / 2)
        seen = self.time(torch.cat([waves.sin(), waves.cos()], dim=1)) + self.label(labels)
        condition = nn.functional.silu(seen)
        x = self.enter(x)
        kept = []
        for number, block in enumerate(self.down):
            x = nn.functional.avg_pool2d(x, 2) if number else x
            x = block(x, condition)
            kept.append(x)
        x = self.middle(x)
        for number, block in reversed(list(enumerate(self.up))):
            x = block(torch.cat([x, kept.pop()], dim=1), condition)
            x = nn.functional.interpolate(x, scale_factor=2.0) if number else x
        return self.leave(x)


# END SOLUTION


# Training


def ema_update(average: nn.Module, model: nn.Module, decay: float) -> None:
    """Move the weights of `average` towards those of `model`: decay * old + (1 - decay) * new.

    Buffers (such as the running means of batch normalisation) are copied. The model is not changed,
    and no gradient is recorded.
    """
    # BEGIN SOLUTION
    with torch.no_grad():
        for mean, new in zip(average.parameters(), model.parameters(), strict=True):
            mean.lerp_(new, 1 - decay)
        for mean, new in zip(average.buffers(), model.buffers(), strict=True):
            mean.copy_(new)
    # END SOLUTION


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
    # BEGIN SOLUTION
    losses = []
    for step, (images, labels) in zip(range(first_step, steps), batches, strict=False):
        for group in optimizer.param_groups if rate else ():
            group["lr"] = rate(step)
        model.train()
        now = loss(images, labels)
        optimizer.zero_grad()
        now.backward()
        nn.utils.clip_grad_norm_(model.parameters(), most)
        optimizer.step()
        losses.append(now.detach())
        if on_step is not None:
            on_step(step)
    return torch.stack(losses) if losses else torch.zeros(0)
    # END SOLUTION

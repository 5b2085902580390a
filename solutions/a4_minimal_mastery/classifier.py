"""Part 1: AddNIST, and a classifier of fewer than 100,000 parameters in at most 10,000 steps.

An AddNIST image has a handwritten digit in each of its three channels; its class is what the three
add up to. Data are arrays or tensors in memory, channels first. Cite here, and in the paper, every
piece of code that is not your own.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import torch
from torch import Tensor, nn

# What the run in your paper had: plain numbers, such as 12_345.
PARAMETERS = None
STEPS = None
# BEGIN SOLUTION
PARAMETERS = 70_330
STEPS = 10_000
_STAGES = ((1, 16, 1), (16, 32, 2), (32, 32, 1), (32, 64, 2), (64, 64, 1))  # in, out, stride
# END SOLUTION


# The data


def sum_label(digits: np.ndarray) -> np.ndarray:
    """The classes (n,) int64 of triples of digits (n, 3) of any integer type: their sum minus 1.

    Raises:
        ValueError: a sum is not in 1..20, so that there is no class for it.
    """
    # BEGIN SOLUTION
    totals = digits.sum(axis=1).astype(np.int64)
    if not np.all((totals > 0) & (totals < 21)):
        raise ValueError("the digits of an image must add up to a number from 1 to 20")
    return totals - 1
    # END SOLUTION


def digit_triples(label: int) -> np.ndarray:
    """Every triple of digits of a class, (k, 3), each order a triple of its own, once.

    Class 0 has three: a one in one of the channels, zeros in the others.
    """
    # BEGIN SOLUTION
    triples = itertools.product(range(10), repeat=3)
    return np.array([triple for triple in triples if sum(triple) == label + 1])
    # END SOLUTION


def build_addnist(
    images: np.ndarray, digits: np.ndarray, per_class: Sequence[int], rng: np.random.Generator
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Splits of AddNIST made of single digits, such as training and validation images.

    Within a class every triple of digits is equally likely, and so is every image of a digit. No
    image (three given images in an order) comes twice, within a split or in two of them. The
    images of a split are in a random order.

    Args:
        images: (n, h, w); the splits have their type.
        digits: (n,), which digit each one shows; each of 0..9 is there.
        per_class: for each split, how many images it has of each of the 20 classes.
        rng: where every draw comes from.

    Returns:
        For each split, images (m, 3, h, w) and classes (m,) int64.

    Raises:
        ValueError: a class does not have so many different images.
    """
    # BEGIN SOLUTION
    members = [np.flatnonzero(digits == digit) for digit in range(10)]
    drawn = np.array([_draw(label, sum(per_class), members, rng) for label in range(20)])
    splits = []
    for part in np.split(drawn, np.cumsum(per_class)[:-1], axis=1):
        rows = rng.permutation(part.reshape(-1, 3))
        splits.append((images[rows], sum_label(digits[rows])))
    return splits
    # END SOLUTION


# BEGIN SOLUTION
def _draw(
    label: int, count: int, members: Sequence[np.ndarray], rng: np.random.Generator
) -> list[tuple[int, ...]]:
    """`count` different images of a class, as the rows of their digits."""
    triples = digit_triples(label)
    if count > sum(math.prod(len(members[digit]) for digit in triple) for triple in triples):
        raise ValueError(f"class {label} does not have {count} different images")
    found: dict[tuple[int, ...], None] = {}  # a set that keeps its order
    while len(found) < count:
        triple = rng.choice(triples)
        found[tuple(int(rng.choice(members[digit])) for digit in triple)] = None
    return list(found)


# END SOLUTION


def normalise(images: np.ndarray) -> np.ndarray:
    """Bytes as float32, as the published files have them: pixels in [0, 1], -0.1307, / 0.3081."""
    # BEGIN SOLUTION
    return ((images / 255 - 0.1307) / 0.3081).astype(np.float32)
    # END SOLUTION


def endless_batches(
    images: Tensor, labels: Tensor, batch_size: int, generator: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of `batch_size` images with their labels, for as long as anybody asks.

    Each pass over the data has an order of its own, drawn from `generator`; what is too few for a
    batch at the end of a pass is left out, so no image comes twice in a pass.

    Raises:
        ValueError: there are fewer images than a batch needs (when the first batch is asked for).
    """
    # BEGIN SOLUTION
    if batch_size > len(images):
        raise ValueError(f"a batch of {batch_size} cannot be made of {len(images)} images")
    while True:
        for rows in torch.randperm(len(images), generator=generator).split(batch_size):
            if len(rows) == batch_size:
                yield images[rows], labels[rows]
    # END SOLUTION


# Augmentation


def shuffle_channels(images: Tensor, generator: torch.Generator) -> Tensor:
    """Images (n, c, h, w) with their channels in another order, drawn for each image anew.

    The sum does not care about the order, so the class stays. All orders are equally likely.
    """
    # BEGIN SOLUTION
    order = torch.rand(images.shape[:2], generator=generator).argsort(dim=1)
    return images[torch.arange(len(images))[:, None], order]
    # END SOLUTION


def random_affine(
    images: Tensor,
    generator: torch.Generator,
    rotation: float = 0.1,
    scale: float = 0.06,
    shift: float = 0.07,
) -> Tensor:
    """Turn, scale and move each channel of each image (n, c, h, w) on its own, about its centre.

    Pixels between those given are interpolated linearly; what comes in from outside has the value
    of the background, which is the least value of that channel.

    Args:
        images: (n, c, h, w), square.
        generator: where every draw comes from.
        rotation: angles are uniform in [-rotation, rotation], in radians.
        scale: sizes are uniform in [1 - scale, 1 + scale].
        shift: moves are uniform in [-shift, shift] in each direction, as shares of the side.
    """
    # BEGIN SOLUTION
    planes = images.flatten(0, 1)[:, None]
    unit = 2 * torch.rand(4, len(planes), generator=generator) - 1
    angle, size = rotation * unit[0], 1 + scale * unit[1]
    across, down = 2 * shift * unit[2:]  # a side is 2 long in the coordinates of a grid
    cosine, sine = angle.cos() / size, angle.sin() / size
    rows = torch.stack([cosine, -sine, across]), torch.stack([sine, cosine, down])
    grid = nn.functional.affine_grid(
        torch.stack(rows).permute(2, 0, 1), list(planes.shape), align_corners=False
    )
    background = planes.amin(dim=(2, 3), keepdim=True)
    moved = nn.functional.grid_sample(planes - background, grid, align_corners=False)
    return (moved + background).reshape(images.shape)
    # END SOLUTION


# The model


def sum_log_probabilities(logits: Tensor) -> Tensor:
    """What the digits of three channels say about the class: log-probabilities (n, 20).

    The three digits are independent given their logits (n, 3, 10), so their sum has the
    convolution of three distributions; 0 and 21..27 are no classes and are ruled out. There is no
    parameter in it. Computed with logarithms throughout: finite for logits of any size.
    """
    # BEGIN SOLUTION
    first, second, third = logits.log_softmax(dim=2).unbind(dim=1)
    sums = _log_convolve(_log_convolve(first, second), third)
    return sums[:, 1:21].log_softmax(dim=1)
    # END SOLUTION


# BEGIN SOLUTION
def _log_convolve(first: Tensor, second: Tensor) -> Tensor:
    """Log of the convolution of exp(first) (n, k) and exp(second) (n, m): (n, k + m - 1)."""
    k = first.shape[1]
    padded = nn.functional.pad(second, (k - 1, k - 1), value=-math.inf)
    return torch.logsumexp(padded.unfold(1, k, 1) + first.flip(1)[:, None], dim=2)


# END SOLUTION


def encode_channels(encoder: Callable[[Tensor], Tensor], images: Tensor) -> Tensor:
    """The outputs (n, c, k) of one encoder for each channel of images (n, c, h, w).

    The encoder takes (m, 1, h, w) and gives (m, k). It is called once, with all channels.
    """
    # BEGIN SOLUTION
    return encoder(images.flatten(0, 1)[:, None]).unflatten(0, images.shape[:2])
    # END SOLUTION


def build_classifier() -> nn.Module:
    """A classifier of your own design: images (n, 3, 28, 28) in, log-probabilities (n, 20) out.

    It has fewer than 100,000 parameters, and each of them matters. In inference mode it gives the
    same answer to an image whatever else is in the batch.
    """
    # BEGIN SOLUTION
    layers: list[nn.Module] = []
    for before, after, stride in _STAGES:
        layers += [nn.Conv2d(before, after, 3, stride, padding=1, bias=False)]
        layers += [nn.BatchNorm2d(after), nn.ReLU()]
    pooled = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(_STAGES[-1][1], 10)]
    return _SumClassifier(nn.Sequential(*layers, *pooled))
    # END SOLUTION


# BEGIN SOLUTION
class _SumClassifier(nn.Module):
    """One encoder reads the digits of all channels; the sum layer does the rest."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, images: Tensor) -> Tensor:
        """From images (n, 3, 28, 28) to log-probabilities (n, 20)."""
        return sum_log_probabilities(encode_channels(self.encoder, images))


# END SOLUTION


# Budgets


def count_parameters(*models: nn.Module) -> int:
    """How many numbers the parameters of all these networks hold together, frozen ones too.

    A parameter in two places, of one network or of two, counts once. Buffers are no parameters.
    """
    # BEGIN SOLUTION
    return sum(p.numel() for p in {p for model in models for p in model.parameters()})
    # END SOLUTION


def penalty_points(amount: int, limit: int) -> int:
    """The marks that a budget costs: 5 for each full 10 % over the limit, and none below that."""
    # BEGIN SOLUTION
    return 5 * max(0, 10 * (amount - limit) // limit)
    # END SOLUTION


# Training


def learning_rate(step: int, steps: int, peak: float, warmup: int) -> float:
    """The learning rate of the step 0, ..., steps - 1: a linear rise, then half a cosine.

    Step 0 has peak / warmup, step warmup - 1 the peak; from step `warmup`, which has the peak, it
    falls, and would be 0 at `steps`. With warmup = 0 there is no rise.
    """
    # BEGIN SOLUTION
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup))) / 2
    # END SOLUTION


def train_classifier(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    batches: Iterable[tuple[Tensor, Tensor]],
    steps: int,
    first_step: int = 0,
    rate: Callable[[int], float] | None = None,
    on_step: Callable[[int], None] | None = None,
) -> Tensor:
    """Make the steps first_step, ..., steps - 1, one update for each batch; never one more.

    The network gives log-probabilities and is in training mode at each step; the loss is minus
    that of the label, the mean over the batch. The losses are not read during the training: that
    would stop the device at every step.

    Args:
        model: the network.
        optimizer: of its parameters.
        batches: images and labels; no more of them are drawn than there are steps.
        steps: the number of steps in all, those before `first_step` included.
        first_step: above 0 where a training that was interrupted goes on.
        rate: the learning rate of a step, set in every group before that step is made.
        on_step: called with the step's number after each update.

    Returns:
        The losses (steps - first_step,), each before its update, without a gradient.
    """
    # BEGIN SOLUTION
    losses = []
    for step, (images, labels) in zip(range(first_step, steps), batches, strict=False):
        for group in optimizer.param_groups if rate else ():
            group["lr"] = rate(step)
        model.train()
        loss = nn.functional.nll_loss(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
        if on_step is not None:
            on_step(step)
    return torch.stack(losses) if losses else torch.zeros(0)
    # END SOLUTION


def evaluate(
    model: nn.Module, images: Tensor, labels: Tensor, batch_size: int = 64
) -> tuple[float, float, float]:
    """The loss, the accuracy and its spread, in inference mode and without gradients.

    Loss and accuracy in [0, 1] are means over the images, so they do not depend on `batch_size`.
    The spread is the standard deviation (divided by their number) of the accuracies of the
    mini-batches, the last one included though it may be short. The mode is left as it was.
    """
    # BEGIN SOLUTION
    was_training = model.training
    model.eval()
    with torch.no_grad():
        parts = [model(part) for part in images.split(batch_size)]
    model.train(was_training)
    log_p = torch.cat(parts)
    hits = (log_p.argmax(dim=1) == labels).double()
    spread = np.std([float(part.mean()) for part in hits.split(batch_size)])
    return float(nn.functional.nll_loss(log_p, labels)), float(hits.mean()), float(spread)
    # END SOLUTION

"""What the hidden tests expect, written apart from the solutions and in another way. NumPy only.

It travels with the hidden tests and never into the jail.
"""

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np

Array = np.ndarray
CLASSES = 20

# --- AddNIST --------------------------------------------------------------------------------------


def triples(label: int) -> set[tuple[int, int, int]]:
    """Every triple of digits of a class: two digits are free, the third is what remains."""
    pairs = ((r, g, label + 1 - r - g) for r in range(10) for g in range(10))
    return {triple for triple in pairs if 0 <= triple[2] <= 9}


def first_digit(label: int) -> Array:
    """How likely each digit is in the first channel of a class, all triples equally likely."""
    ways = triples(label)
    return np.array([sum(t[0] == digit for t in ways) / len(ways) for digit in range(10)])


def sum_log_p(logits: Array) -> Array:
    """log P (n, 20) from logits (n, 3, 10): triple by triple, each class over all of them."""
    log_p = logits - logsumexp(logits)[..., None]
    found = np.empty((len(logits), CLASSES))
    for label in range(CLASSES):
        ways = [log_p[:, 0, r] + log_p[:, 1, g] + log_p[:, 2, b] for r, g, b in triples(label)]
        found[:, label] = logsumexp(np.stack(ways, axis=-1))
    return found - logsumexp(found)[:, None]


def logsumexp(terms: Array) -> Array:
    """Of the last axis, the largest term taken out."""
    top = terms.max(axis=-1)
    return top + np.log(np.exp(terms - top[..., None]).sum(axis=-1))


def slope(function: Callable[[Array], float], x: Array, width: float = 1e-5) -> Array:
    """The gradient of a function by central differences, in float64."""
    found = np.empty(x.shape)
    for index in np.ndindex(*x.shape):
        step = np.zeros(x.shape)
        step[index] = width
        found[index] = (function(x + step) - function(x - step)) / (2 * width)
    return found


# --- pictures of a blob ---------------------------------------------------------------------------


def blob(side: int, wide: float, high: float) -> Array:
    """A normal density around the centre of a square, `wide` and `high` pixels in deviation."""
    at = np.arange(side) - (side - 1) / 2
    return np.exp(-((at[None, :] / wide) ** 2 + (at[:, None] / high) ** 2) / 2)


def centre(planes: Array) -> Array:
    """The centre of mass of planes (n, side, side), from the middle, as shares of the side."""
    side = planes.shape[-1]
    at = (np.arange(side) - (side - 1) / 2) / side
    mass = planes.sum(axis=(1, 2))
    return np.stack([(planes.sum(axis=1) @ at) / mass, (planes.sum(axis=2) @ at) / mass], axis=1)


def spread(planes: Array) -> Array:
    """The covariance (n, 2, 2) of the mass of planes (n, side, side), in pixels, x before y."""
    side = planes.shape[-1]
    middle = centre(planes) * side
    at = np.arange(side) - (side - 1) / 2
    found = np.empty((len(planes), 2, 2))
    for plane, (x, y), out in zip(planes, middle, found, strict=True):
        mass, dx, dy = plane.sum(), at[None, :] - x, at[:, None] - y
        out[0, 0], out[1, 1] = (plane * dx**2).sum() / mass, (plane * dy**2).sum() / mass
        out[0, 1] = out[1, 0] = (plane * dx * dy).sum() / mass
    return found


# --- training -------------------------------------------------------------------------------------


def rate(step: int, steps: int, peak: float, warmup: int) -> float:
    """A linear rise, then the square of a cosine: half the angle of the formula."""
    if step < warmup:
        return float(np.interp(step + 1, [0, warmup], [0, peak]))
    return peak * math.cos(math.pi / 2 * (step - warmup) / (steps - warmup)) ** 2


def softmax_regression(
    weight: Array, bias: Array, batches: Iterable[tuple[Array, Array]], rates: Sequence[float]
) -> tuple[list[float], Array, Array]:
    """Plain SGD on the mean of -log p of the labels: the losses, and the weights at the end."""
    weight, bias = weight.astype(np.float64), bias.astype(np.float64)
    losses = []
    for (images, labels), speed in zip(batches, rates, strict=True):
        logits = images @ weight.T + bias
        log_p = logits - logsumexp(logits)[:, None]
        rows = np.arange(len(labels))
        losses.append(-log_p[rows, labels].mean())
        error = np.exp(log_p)
        error[rows, labels] -= 1
        weight = weight - speed * error.T @ images / len(labels)
        bias = bias - speed * error.mean(axis=0)
    return losses, weight, bias


def clipped_regression(
    weight: Array, batches: Iterable[tuple[Array, Array]], rates: Sequence[float], most: float
) -> tuple[list[float], Array, list[float]]:
    """SGD on the mean of (x W^T - y)^2, gradients cut to a length: losses, weight, lengths."""
    weight, losses, lengths = weight.astype(np.float64), [], []
    for (inputs, targets), speed in zip(batches, rates, strict=True):
        error = inputs @ weight.T - targets
        losses.append((error**2).mean())
        gradient = 2 * error.T @ inputs / error.size
        lengths.append(math.sqrt((gradient**2).sum()))
        weight = weight - speed * gradient * min(1.0, most / lengths[-1])
    return losses, weight, lengths


def accuracies(hits: Sequence[bool], size: int) -> list[float]:
    """Of each mini-batch, the last one included."""
    parts = [hits[start : start + size] for start in range(0, len(hits), size)]
    return [sum(part) / len(part) for part in parts]


# --- flows ----------------------------------------------------------------------------------------


def nearest_byte(x: float) -> int:
    """The byte whose place in [-1, 1] is nearest."""
    return int(np.argmin([abs(-1 + 2 * byte / 255 - x) for byte in range(256)]))


def two_stage(velocity: Callable[[Array, float], Array], start: Array, steps: int) -> Array:
    """The explicit Runge-Kutta method with the tableau 0 | 1 1 | 1/2 1/2."""
    x, h = start.astype(np.float64), 1 / steps
    stages, weights = ((0.0, 0.0), (1.0, 1.0)), (0.5, 0.5)
    for step in range(steps):
        slopes: list[Array] = []
        for at, share in stages:
            before = slopes[-1] if slopes else np.zeros_like(x)
            slopes.append(velocity(x + h * share * before, step * h + at * h))
        x = x + h * sum(w * k for w, k in zip(weights, slopes, strict=True))
    return x


def arc(first: Array, second: Array, weights: Sequence[float]) -> Array:
    """Points on the arc: the mixture of the two whose directions mix to the angle w a."""
    lengths = np.linalg.norm(first), np.linalg.norm(second)
    angle = math.acos(float((first * second).sum() / (lengths[0] * lengths[1])))
    axes = np.array([[1.0, math.cos(angle)], [0.0, math.sin(angle)]])  # unit vectors as columns
    found = []
    for weight in weights:
        turned = [math.cos(weight * angle), math.sin(weight * angle)]
        share = np.linalg.solve(axes, turned)
        found.append(share[0] * first + share[1] * second)
    return np.stack(found)

"""What the hidden tests expect, written apart from the solutions and in another way. NumPy only.

It travels with the hidden tests and never into the jail.
"""

from collections.abc import Sequence

import numpy as np

Array = np.ndarray

# --- networks -------------------------------------------------------------------------------------


def _padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """How many zeros "same" puts in front of an axis and behind it: the odd one goes behind."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def convolution(maps: Array, kernel: Array, bias: Array, stride: int = 1) -> Array:
    """A "same" convolution of (n, height, width, in) with (k, k, in, out), place by place."""
    n, height, width, _ = maps.shape
    size = len(kernel)
    room = [_padding(side, size, stride) for side in (height, width)]
    padded = np.pad(maps.astype(np.float64), ((0, 0), *room, (0, 0)))
    rows, columns = -(-height // stride), -(-width // stride)
    out = np.zeros((n, rows, columns, kernel.shape[3])) + bias
    for y in range(size):
        for x in range(size):
            part = padded[:, y : y + stride * rows : stride, x : x + stride * columns : stride]
            out += part[:, :rows, :columns] @ kernel[y, x]
    return out


def transposed_4x4(maps: Array, kernel: Array, bias: Array) -> Array:
    """Stride 2, "same": every input stamps its kernel (4, 4, out, in) on a larger image."""
    n, height, width, _ = maps.shape
    padded = np.zeros((n, 2 * height + 2, 2 * width + 2, kernel.shape[2]))
    for y in range(4):
        for x in range(4):
            stamps = maps.astype(np.float64) @ kernel[y, x].T
            padded[:, y : y + 2 * height : 2, x : x + 2 * width : 2] += stamps
    return padded[:, 1:-1, 1:-1] + bias


def leaky(values: Array) -> Array:
    """LeakyReLU with slope 0.2."""
    return np.where(values > 0, values, 0.2 * values)


def batch_normalised(maps: Array, weights: Sequence[Array]) -> Array:
    """Batch normalisation outside training, from gamma, beta, mean and variance."""
    gamma, beta, mean, variance = (np.asarray(weight, np.float64) for weight in weights)
    return gamma * (maps - mean) / np.sqrt(variance + 1e-3) + beta


def generator_images(vectors: Array, weights: Sequence[Array], batch: bool) -> Array:
    """The DCGAN generator outside training, from its weights layer by layer."""
    left = list(weights)

    def take(count: int) -> list[Array]:
        taken, left[:count] = left[:count], []
        return taken

    def rectified(maps: Array) -> Array:
        return np.maximum(batch_normalised(maps, take(4)) if batch else maps, 0.0)

    kernel, bias = take(2)
    dense = vectors.astype(np.float64) @ kernel + bias
    maps = rectified(dense.reshape(len(vectors), 7, 7, -1))
    for _ in range(2):
        maps = rectified(transposed_4x4(maps, *take(2)))
    return np.tanh(convolution(maps, *take(2)))


def virtually_normalised(inputs: Array, size: int, gamma: Array, beta: Array, eps: float) -> Array:
    """Virtual batch normalisation: for every example the set of R + 1 is put together anew."""
    inputs = inputs.astype(np.float64)
    axes = tuple(range(inputs.ndim - 1))
    out = np.empty_like(inputs)
    for row, example in enumerate(inputs):
        known = inputs[:size] if row < size else np.concatenate([inputs[:size], example[None]])
        deviation = np.sqrt(known.var(axis=axes) + eps)
        out[row] = gamma * (example - known.mean(axis=axes)) / deviation + beta
    return out


def features(images: Array, weights: Sequence[Array]) -> Array:
    """The discriminator's features outside training, from three kernels and biases."""
    maps = images
    for at in range(0, 6, 2):
        maps = leaky(convolution(maps, weights[at], weights[at + 1], stride=2))
    return maps.reshape(len(images), -1)


def classifier_activations(
    images: Array, weights: Sequence[Array], convolutions: int, hidden: int
) -> list[Array]:
    """The classifier outside training: its penultimate activations and its logits."""
    maps, at = images, 0
    for _ in range(convolutions):
        found = batch_normalised(convolution(maps, *weights[at : at + 2]), weights[at + 2 : at + 6])
        n, height, width, depth = found.shape
        blocks = np.maximum(found, 0).reshape(n, height // 2, 2, width // 2, 2, depth)
        maps, at = blocks.max(axis=(2, 4)), at + 6
    rows = maps.reshape(len(images), -1)
    for _ in range(hidden):
        rows = rows @ weights[at].astype(np.float64) + weights[at + 1]
        rows, at = np.maximum(batch_normalised(rows, weights[at + 2 : at + 6]), 0), at + 6
    return [rows, rows @ weights[at].astype(np.float64) + weights[at + 1]]


# --- losses ---------------------------------------------------------------------------------------


def sigmoid(logits: Array) -> Array:
    """1 / (1 + e^-z), by way of tanh, which does not overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * np.asarray(logits, np.float64)))


def surprise(logits: Array, targets: Array | float) -> Array:
    """-t log s(z) - (1 - t) log(1 - s(z)) of every logit, from log(e^0 + e^±z)."""
    z = np.asarray(logits, np.float64)
    return targets * np.logaddexp(0, -z) + (1 - targets) * np.logaddexp(0, z)


def softmax(logits: Array) -> Array:
    """Rows of probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def cross_entropy(logits: Array, labels: Array) -> float:
    """The mean of -log softmax(logits)[label], label by label."""
    logits = np.asarray(logits, np.float64)
    sums = np.log(np.exp(logits - logits.max(axis=1, keepdims=True)).sum(axis=1))
    sums += logits.max(axis=1)
    return float(np.mean([sums[i] - logits[i, int(label)] for i, label in enumerate(labels)]))


# --- metrics --------------------------------------------------------------------------------------


def inception_score(probabilities: Array) -> float:
    """By entropies: exp(H(mean row) - mean of H(row))."""

    def entropy(p: Array) -> float:
        return -sum(float(x) * np.log(float(x)) for x in p if x > 0)

    inner = np.mean([entropy(row) for row in probabilities])
    return float(np.exp(entropy(probabilities.mean(axis=0)) - inner))


def with_moments(rng: np.random.Generator, count: int, mean: Array, covariance: Array) -> Array:
    """`count` rows whose mean and covariance (over count - 1) are exactly these."""
    raw = rng.standard_normal((count, len(mean)))
    raw -= raw.mean(axis=0)
    basis = np.linalg.qr(raw)[0] * np.sqrt(count - 1)
    values, vectors = np.linalg.eigh(covariance)
    return mean + (basis * np.sqrt(np.maximum(values, 0))) @ vectors.T


def frechet(mean1: Array, cov1: Array, mean2: Array, cov2: Array) -> float:
    """The formula, with the eigenvalues of the product of the covariances as they are."""
    roots = np.sqrt(np.maximum(np.linalg.eigvals(cov1 @ cov2).real, 0))
    gap = mean1 - mean2
    return float(gap @ gap + np.trace(cov1) + np.trace(cov2) - 2 * roots.sum())


def balls(centres: Array, k: int) -> list[float]:
    """The distance from every point to its k-th nearest neighbour, itself not counted."""
    radii = []
    for i, centre in enumerate(centres):
        others = [float(np.linalg.norm(centre - x)) for j, x in enumerate(centres) if j != i]
        radii.append(sorted(others)[k - 1])
    return radii


def membership(points: Array, centres: Array, k: int) -> Array:
    """Entry [i, j]: whether point i is in the ball round centre j."""
    radii = balls(centres, k)
    return np.array(
        [[bool(np.linalg.norm(p - c) <= r) for c, r in zip(centres, radii, strict=True)]
         for p in points]
    )  # fmt: skip


def all_pairs(points: Array) -> list[tuple[float, int, int]]:
    """Every pair once, with its distance in front, the nearest first."""
    count = len(points)
    pairs = [
        (float(np.sqrt(((points[i] - points[j]) ** 2).sum())), i, j)
        for i in range(count)
        for j in range(i + 1, count)
    ]
    return sorted(pairs)

"""What the hidden tests expect, written apart from the solutions and in another way. NumPy only.

It travels with the hidden tests and never into the jail.
"""

from collections.abc import Sequence

import numpy as np

Array = np.ndarray

# --- faces ----------------------------------------------------------------------------------------


def scaled_rows(images: Array) -> Array:
    """Bytes (n, h, w) as rows (n, h w) in [0, 1], pixel by pixel."""
    n, height, width = images.shape
    rows = np.empty((n, height * width))
    for y in range(height):
        for x in range(width):
            rows[:, y * width + x] = images[:, y, x] / 255.0
    return rows


def faces_of_known_subspace(
    rng: np.random.Generator, pixels: int, count: int, singular_values: Sequence[float]
) -> tuple[Array, Array, Array]:
    """X (pixels, count), its mean face and its eigenfaces, known by construction.

    X is the mean plus the sum of the terms sigma u vT, whose v are at right angles to each other
    and to the vector of ones: so the mean of the columns is the mean, and the u are singular
    vectors of the centred X.
    """
    k = len(singular_values)
    mean = rng.normal(3.0, 1.0, pixels)
    left = np.linalg.qr(rng.normal(size=(pixels, k)))[0]
    ones = np.ones((count, 1))
    right = np.linalg.qr(np.hstack([ones, rng.normal(size=(count, k))]))[0][:, 1:]
    faces = np.repeat(mean[:, None], count, axis=1)
    for index, sigma in enumerate(singular_values):
        faces += sigma * np.outer(left[:, index], right[:, index])
    return faces, mean, left


def subspaces_at_angles(
    rng: np.random.Generator, pixels: int, angles: Sequence[float], more: int
) -> tuple[Array, Array]:
    """Matrices of len(angles) and len(angles) + more columns whose spans are at these angles.

    Their columns are mixed by matrices that can be inverted: neither unit vectors nor orthogonal.
    """
    k = len(angles)
    axes = np.linalg.qr(rng.normal(size=(pixels, 2 * k + more)))[0]
    first = axes[:, :k]
    turned = np.cos(angles) * axes[:, :k] + np.sin(angles) * axes[:, k : 2 * k]
    second = np.hstack([turned, axes[:, 2 * k :]])
    return first @ mixing(rng, k), second @ mixing(rng, k + more)


def mixing(rng: np.random.Generator, size: int) -> Array:
    """A matrix with singular values between 0.5 and 2."""
    left, right = (np.linalg.qr(rng.normal(size=(size, size)))[0] for _ in range(2))
    return left * np.geomspace(0.5, 2.0, size) @ right


def linear_autoencoding(
    weight: Array,
    bias: Array,
    epochs: Sequence[Sequence[tuple[Array, Array]]],
    rate: float,
) -> list[float]:
    """The losses of epochs of plain SGD on x -> A x + b, from 0 on, in which nothing is learnt.

    A batch is (input, target). The gradient of the mean of (A x + b - t)^2 by A x + b is
    2 (A x + b - t) / (batch size * pixels).
    """
    weight, bias = weight.astype(np.float64), bias.astype(np.float64)
    losses = []
    for epoch, batches in enumerate(epochs):
        squares, numbers = 0.0, 0
        for inputs, targets in batches:
            error = np.einsum("bi,oi->bo", inputs.astype(np.float64), weight) + bias - targets
            squares, numbers = squares + float(np.sum(error**2)), numbers + error.size
            if epoch > 0:
                slope = 2 * error / error.size
                weight = weight - rate * np.einsum("bo,bi->oi", slope, inputs)
                bias = bias - rate * slope.sum(axis=0)
        losses.append(squares / numbers)
    return losses


# --- classifiers ----------------------------------------------------------------------------------


def mlp_outputs(images: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Array:
    """Linear layers with weights (out, in) in float64, max(0, x) after each but the last."""
    x = images.astype(np.float64)
    for index, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        x = np.einsum("bi,oi->bo", x, weight.astype(np.float64)) + bias
        if index < len(weights) - 1:
            x = np.where(x > 0, x, 0.0)
    return x


def log_probabilities(logits: Array) -> Array:
    """log softmax of each row."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def cross_entropies(logits: Array, labels: Array) -> Array:
    """-log softmax(logits)[label] of each row."""
    log_p = log_probabilities(logits)
    return np.array([-log_p[i, label] for i, label in enumerate(labels)])


def hits(logits: Array, labels: Array) -> int:
    """In how many rows the largest logit is that of the label."""
    return sum(int(row.argmax() == label) for row, label in zip(logits, labels, strict=True))


def closest_call(logits: Array) -> float:
    """By how much the largest logit of a row leads at least."""
    second, first = np.sort(logits, axis=1)[:, -2:].T
    return float(np.min(first - second))


def sgd_on_linear_model(
    weight: Array, bias: Array, batches: Sequence[tuple[Array, Array]], rate: float
) -> tuple[float, float, float]:
    """Mean loss and accuracy of an epoch of plain SGD, over its images, from before each update.

    Beside them stands the closest call of all batches. The gradient of the mean cross-entropy by
    the logits is (softmax - one-hot) / batch size.
    """
    weight, bias = weight.astype(np.float64), bias.astype(np.float64)
    losses, right, count, closest = 0.0, 0, 0, np.inf
    for images, labels in batches:
        logits = images.astype(np.float64) @ weight.T + bias
        closest = min(closest, closest_call(logits))
        losses += float(cross_entropies(logits, labels).sum())
        right, count = right + hits(logits, labels), count + len(labels)
        delta = np.exp(log_probabilities(logits))
        delta[np.arange(len(labels)), labels] -= 1
        weight = weight - rate * delta.T @ images.astype(np.float64) / len(labels)
        bias = bias - rate * delta.mean(axis=0)
    return losses / count, right / count, closest


def paired_difference(first: Array, second: Array) -> tuple[float, float]:
    """The mean of the per-image differences and its standard error, image by image."""
    differences = [int(b) - int(a) for a, b in zip(first, second, strict=True)]
    mean = sum(differences) / len(differences)
    variance = sum((d - mean) ** 2 for d in differences) / len(differences)
    return mean, (variance / len(differences)) ** 0.5


# --- wrong labels ---------------------------------------------------------------------------------


def generalised_cross_entropy(logits: Array, labels: Array, q: float) -> float:
    """The mean of (1 - p^q) / q, from the probabilities themselves."""
    p = np.exp(-cross_entropies(logits, labels))
    return float(np.mean((1 - p**q) / q))


def corrected_cross_entropy(logits: Array, labels: Array, transition: Array) -> float:
    """The mean of -log of the sum over i of p_i T[i, label], term by term."""
    p = np.exp(log_probabilities(logits))
    losses = [
        -np.log(sum(p[row, i] * transition[i, label] for i in range(p.shape[1])))
        for row, label in enumerate(labels)
    ]
    return float(np.mean(losses))

"""What the hidden tests expect, written apart from the solutions and in another way. NumPy only.

It travels with the hidden tests and never into the jail.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import floor

import numpy as np

Array = np.ndarray

# --- exercise 1: compression ----------------------------------------------------------------------


def spectral_matrix(
    rng: np.random.Generator, shape: tuple[int, int], singular_values: Sequence[float]
) -> tuple[Array, list[Array]]:
    """A matrix with these singular values, and its best approximation of rank 0, 1, 2, ...

    Known by construction and not by an SVD: the k-th is the sum of the first k terms σ u vᵀ. The
    values given fall strictly, so that every best approximation is the only one.
    """
    m, n = shape
    count = len(singular_values)
    left = np.linalg.qr(rng.normal(size=(m, count)))[0]
    right = np.linalg.qr(rng.normal(size=(n, count)))[0]
    best = [np.zeros(shape)]
    for index, sigma in enumerate(singular_values):
        best.append(best[-1] + sigma * np.outer(left[:, index], right[:, index]))
    return best[-1], best


def rank_for_compression(shape: tuple[int, int], factor: float) -> int:
    """int(n / factor) in exact arithmetic, moved to the nearest rank that exists."""
    wanted = floor(Fraction(shape[1]) / Fraction(factor))
    return min(range(1, min(shape) + 1), key=lambda k: abs(k - wanted))


def break_even_rank(shape: tuple[int, int]) -> int:
    """Try every rank."""
    m, n = shape
    smaller = [k for k in range(1, min(shape) + 1) if k * (m + n) < m * n]
    return max(smaller, default=0)


def parameters(*arrays: tuple[int, ...]) -> int:
    """How many numbers arrays of these shapes hold."""
    return sum(np.empty(shape).size for shape in arrays)


# --- exercise 1: the classifier -------------------------------------------------------------------


def scaled_rows(images: Array) -> Array:
    """Bytes (n, 28, 28) as rows (n, 784) in [0, 1], pixel by pixel."""
    n, height, width = images.shape
    rows = np.empty((n, height * width))
    for y in range(height):
        for x in range(width):
            rows[:, y * width + x] = images[:, y, x] / 255.0
    return rows


def mlp_logits(images: Array, weights: Sequence[Array], biases: Sequence[Array]) -> Array:
    """Dense layers in float64, max(0, x) after each but the last."""
    x = images.astype(np.float64)
    for index, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        x = np.einsum("bi,io->bo", x, weight.astype(np.float64)) + bias
        if index < len(weights) - 1:
            x = np.where(x > 0, x, 0.0)
    return x


def cross_entropies(logits: Array, labels: Array) -> Array:
    """-log softmax(logits)[label] of each row."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=1))
    return np.array([log_sums[i] - shifted[i, label] for i, label in enumerate(labels)])


def hits(logits: Array, labels: Array) -> int:
    """In how many rows the largest logit is that of the label."""
    return sum(int(row.argmax() == label) for row, label in zip(logits, labels, strict=True))


def closest_call(logits: Array) -> float:
    """By how much the largest logit of a row leads at least."""
    second, first = np.sort(logits, axis=1)[:, -2:].T
    return float(np.min(first - second))


def sgd_on_linear_model(
    weight: Array, bias: Array, batches: Sequence[tuple[Array, Array]], rate: float
) -> tuple[list[tuple[float, int]], float]:
    """Mean loss and hits of each batch, each taken before its own plain SGD update.

    Beside them stands the closest call of all batches. The gradient of the mean cross-entropy by
    the logits is (softmax - one-hot) / batch size.
    """
    weight, bias = weight.astype(np.float64), bias.astype(np.float64)
    seen, closest = [], np.inf
    for images, labels in batches:
        logits = images.astype(np.float64) @ weight + bias
        closest = min(closest, closest_call(logits))
        seen.append((float(cross_entropies(logits, labels).mean()), hits(logits, labels)))
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        delta = exponentials / exponentials.sum(axis=1, keepdims=True)
        delta[np.arange(len(labels)), labels] -= 1
        weight = weight - rate * images.T.astype(np.float64) @ delta / len(labels)
        bias = bias - rate * delta.mean(axis=0)
    return seen, closest


def confusion_counts(labels: Array, predictions: Array, classes: int) -> Array:
    """Count every pair (true class, predicted class) by itself."""
    return np.array(
        [
            [int(np.sum((labels == true) & (predictions == called))) for called in range(classes)]
            for true in range(classes)
        ]
    )


def classifier_rows(
    losses: Array, correct: Array, sizes: Sequence[int], first_epoch: int
) -> list[dict[str, float]]:
    """The rows of a training whose stubs lose `losses[epoch - 1, batch]` and get `correct` right.

    The stub for the evaluation answers with a loss of steps + 1,000 reports + 1,000,000
    evaluations so far, and with an accuracy of 1 / steps.
    """
    rows = []
    for turn, epoch in enumerate(range(first_epoch, len(losses) + 1)):
        steps = (turn + 1) * len(sizes)
        rows.append(
            {
                "epoch": epoch,
                "train_loss": float(np.average(losses[epoch - 1], weights=sizes)),
                "train_accuracy": float(correct[epoch - 1].sum() / np.sum(sizes)),
                "test_loss": steps + 1_000.0 * turn + 1_000_000.0 * turn,
                "test_accuracy": 1 / steps,
            }
        )
    return rows


# --- exercise 2 -----------------------------------------------------------------------------------


def sigmoid(logits: Array) -> Array:
    """1 / (1 + e^-z), by way of tanh, which does not overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * np.asarray(logits, np.float64)))


def binary_cross_entropy(logits: Array, targets: Array) -> float:
    """The mean of -t log s(z) - (1 - t) log(1 - s(z)), from log(e^0 + e^±z)."""
    z, t = np.asarray(logits, np.float64), np.asarray(targets, np.float64)
    return float(np.mean(t * np.logaddexp(0, -z) + (1 - t) * np.logaddexp(0, z)))


def leaky(values: Array) -> Array:
    """LeakyReLU with slope 0.2."""
    return np.where(values > 0, values, 0.2 * values)


def dense_discriminator_logits(images: Array, weights: Sequence[Array]) -> Array:
    """The dense discriminator outside training, from its kernels and biases in order."""
    hidden = images.reshape(len(images), -1).astype(np.float64)
    for kernel, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        hidden = leaky(hidden @ kernel + bias)
    return hidden @ weights[-2] + weights[-1]


def conv_5x5_stride_2(images: Array, kernel: Array) -> Array:
    """A "same" convolution: TensorFlow pads one row in front and two behind."""
    n, height, width, _ = images.shape
    padded = np.pad(images.astype(np.float64), ((0, 0), (1, 2), (1, 2), (0, 0)))
    out = np.zeros((n, height // 2, width // 2, kernel.shape[3]))
    for y in range(5):
        for x in range(5):
            out += padded[:, y : y + height : 2, x : x + width : 2] @ kernel[y, x]
    return out


def transposed_conv_5x5_stride_2(maps: Array, kernel: Array) -> Array:
    """The adjoint of `conv_5x5_stride_2`: every input stamps its kernel on the output."""
    n, height, width, _ = maps.shape
    padded = np.zeros((n, 2 * height + 3, 2 * width + 3, kernel.shape[2]))
    for y in range(5):
        for x in range(5):
            stamps = maps.astype(np.float64) @ kernel[y, x].T
            padded[:, y : y + 2 * height : 2, x : x + 2 * width : 2] += stamps
    return padded[:, 1:-2, 1:-2]


def conv_discriminator_logits(images: Array, weights: Sequence[Array]) -> Array:
    """The convolutional discriminator outside training, from its kernels and biases in order."""
    first, first_bias, second, second_bias, kernel, bias = weights
    maps = leaky(conv_5x5_stride_2(images, first) + first_bias)
    maps = leaky(conv_5x5_stride_2(maps, second) + second_bias)
    return maps.reshape(len(images), -1) @ kernel + bias


def conv_generator_images(noise: Array, weights: Sequence[Array]) -> Array:
    """The convolutional generator for noise of 6272 outside training, from its weights in order."""
    first, first_bias, gamma, beta, mean, variance, second, second_bias = weights
    maps = transposed_conv_5x5_stride_2(noise.reshape(-1, 7, 7, 128), first) + first_bias
    maps = leaky(gamma * (maps - mean) / np.sqrt(variance + 1e-3) + beta)
    return np.tanh(transposed_conv_5x5_stride_2(maps, second) + second_bias)

"""Layers and optimisers in NumPy: forward and backward, one function each."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def affine_forward(x: Array, w: Array, b: Array) -> Array:
    """Every example flattened, times the weights, plus the bias: (n, ...) -> (n, k)."""
    return x.reshape(len(x), -1) @ w + b


def affine_backward(upstream: Array, x: Array, w: Array) -> tuple[Array, Array, Array]:
    """The gradients by x, w and b."""
    flat = x.reshape(len(x), -1)
    return (upstream @ w.T).reshape(x.shape), flat.T @ upstream, upstream.sum(axis=0)


def relu_forward(x: Array) -> Array:
    """Negative numbers become zero."""
    return np.maximum(x, 0.0)


def relu_backward(upstream: Array, x: Array) -> Array:
    """The gradient by x."""
    return upstream * (x > 0)


def softmax(scores: Array) -> Array:
    """Shares of each row, which add up to one."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def softmax_loss(scores: Array, labels: NDArray[np.int64]) -> tuple[float, Array]:
    """The mean cross-entropy and its gradient by the scores."""
    shares, rows = softmax(scores), np.arange(len(scores))
    loss = -np.mean(np.log(shares[rows, labels]))
    gradient = shares.copy()
    gradient[rows, labels] -= 1.0
    return float(loss), gradient / len(scores)


def hinge_loss(scores: Array, labels: NDArray[np.int64]) -> float:
    """The mean multiclass hinge loss with margin one."""
    rows = np.arange(len(scores))
    margins = np.maximum(0.0, scores - scores[rows, labels][:, None] + 1.0)
    margins[rows, labels] = 0.0
    return float(margins.sum() / len(scores))


def batch_norm(x: Array, scale: Array, shift: Array, epsilon: float = 1e-5) -> Array:
    """Each feature with mean zero and variance one over the batch, then scaled and shifted."""
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + epsilon) * scale + shift


def batch_norm_backward(upstream: Array, x: Array, scale: Array, epsilon: float = 1e-5) -> Array:
    """The gradient by x."""
    deviation = np.sqrt(x.var(axis=0) + epsilon)
    normal, gradient = (x - x.mean(axis=0)) / deviation, upstream * scale
    centred = gradient - gradient.mean(axis=0) - normal * (gradient * normal).mean(axis=0)
    return centred / deviation


def layer_norm(x: Array, scale: Array, shift: Array, epsilon: float = 1e-5) -> Array:
    """Each example with mean zero and variance one, then scaled and shifted."""
    mean, variance = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return (x - mean) / np.sqrt(variance + epsilon) * scale + shift


def convolve(x: Array, w: Array, b: Array, stride: int, pad: int) -> Array:
    """Cross-correlation: (n, c, h, w) with filters (f, c, a, a) -> (n, f, h', w')."""
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    size = w.shape[2]
    rows, columns = ((length - size) // stride + 1 for length in x.shape[2:])
    out = np.empty((len(x), len(w), rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            window = x[:, None, :, top : top + size, left : left + size]
            out[:, :, i, j] = (window * w[None]).sum(axis=(2, 3, 4)) + b
    return out


def max_pool(x: Array, size: int) -> Array:
    """The maximum of each window of size times size; windows do not overlap."""
    n, c, h, w = x.shape
    return x.reshape(n, c, h // size, size, w // size, size).max(axis=(3, 5))


def momentum_step(
    w: Array, slope: Array, velocity: Array, rate: float, momentum: float
) -> tuple[Array, Array]:
    """One step of gradient descent with momentum: the new weights and velocity."""
    velocity = momentum * velocity - rate * slope
    return w + velocity, velocity


def rmsprop_step(
    w: Array, slope: Array, average: Array, rate: float, decay: float
) -> tuple[Array, Array]:
    """One step of RMSProp: the new weights and running average of squared slopes."""
    average = decay * average + (1 - decay) * slope**2
    return w - rate * slope / (np.sqrt(average) + 1e-8), average


def adam_step(
    w: Array, slope: Array, moments: tuple[Array, Array], step: int, rate: float
) -> tuple[Array, tuple[Array, Array]]:
    """Step number `step` (from 1) of Adam: the new weights and the two moments."""
    first = 0.9 * moments[0] + 0.1 * slope
    second = 0.999 * moments[1] + 0.001 * slope**2
    left, right = first / (1 - 0.9**step), second / (1 - 0.999**step)
    return w - rate * left / (np.sqrt(right) + 1e-8), (first, second)


def rnn_step(x: Array, hidden: Array, wx: Array, wh: Array, b: Array) -> Array:
    """One step of a plain recurrent network with tanh."""
    return np.tanh(x @ wx + hidden @ wh + b)


def lstm_step(
    x: Array, state: tuple[Array, Array], wx: Array, wh: Array, b: Array
) -> tuple[Array, Array]:
    """One step of an LSTM: (hidden, cell) to the next; gates in the order i, f, o, g."""
    hidden, cell = state
    gates = np.split(x @ wx + hidden @ wh + b, 4, axis=1)
    i, f, o = (1 / (1 + np.exp(-gate)) for gate in gates[:3])
    cell = f * cell + i * np.tanh(gates[3])
    return o * np.tanh(cell), cell

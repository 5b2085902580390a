"""What the hidden tests expect, written apart from the solutions and in another way. NumPy only.

Convolutions and pooling go tap by tap and window by window, gradients are central differences or
transposed matrices, sizes are counted. It travels with the hidden tests and never into the jail.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import product

import numpy as np

Array = np.ndarray
Pair = tuple[int, int]
Settings = tuple[Pair, Pair, Pair, int]  # stride, padding, dilation, groups

# --- gradients ------------------------------------------------------------------------------------


def slopes(function: Callable[[Array], Array], at: Array, weights: Array) -> Array:
    """The gradient of sum(weights * function(x)) at `at`, by central differences.

    For smooth functions of size 1 in float64 it is right to about 1e-9.
    """
    found = np.empty(at.shape)
    step = 1e-5
    for index in np.ndindex(at.shape):
        ahead, behind = at.copy(), at.copy()
        ahead[index] += step
        behind[index] -= step
        found[index] = np.sum(weights * (function(ahead) - function(behind))) / (2 * step)
    return found


# --- layers ---------------------------------------------------------------------------------------


def affine(x: Array, weight: Array, bias: Array) -> Array:
    """Every row times every column, plus the column's bias."""
    return np.array(
        [[float(np.dot(row, w)) + b for w, b in zip(weight.T, bias, strict=True)] for row in x]
    )


def log_softmax(logits: Array) -> Array:
    """Each logit minus the logarithm of its row's sum of exponentials, added up pair by pair."""
    return np.array([row - np.logaddexp.reduce(row) for row in logits.astype(np.float64)])


def cross_entropies(logits: Array, labels: Array) -> Array:
    """-log softmax(logits)[label] of each row."""
    return np.array([-row[label] for row, label in zip(log_softmax(logits), labels, strict=True)])


def hits(logits: Array, labels: Array) -> int:
    """In how many rows the largest logit is that of the label."""
    return sum(int(row.argmax() == label) for row, label in zip(logits, labels, strict=True))


def closest_call(logits: Array) -> float:
    """By how much the largest logit of a row leads at least."""
    second, first = np.sort(logits, axis=1)[:, -2:].T
    return float(np.min(first - second))


def channel_values(x: Array) -> Array:
    """(n, c) or (n, c, h, w) as a row of numbers per channel, (c, count)."""
    return np.stack([x[:, c].reshape(-1) for c in range(x.shape[1])])


def batch_normalised(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Batch normalisation in training, channel by channel."""
    out = np.empty(x.shape)
    for c in range(x.shape[1]):
        values = x[:, c]
        centred = values - values.sum() / values.size
        var = np.sum(centred * centred) / values.size
        out[:, c] = gamma[c] * centred / np.sqrt(var + eps) + beta[c]
    return out


# --- the arithmetic of convolutions ---------------------------------------------------------------


def windows_that_fit(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """Lay the kernel on the padded line at every multiple of the stride and count."""
    last_tap = [start + dilation * (kernel - 1) for start in range(0, size + 2 * padding, stride)]
    return sum(tap < size + 2 * padding for tap in last_tap)


def smallest_size_for(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """The smallest input which a convolution takes to `size`, found by trying."""
    tried = 1
    while windows_that_fit(tried, kernel, stride, padding, dilation) < size:
        tried += 1
    return tried


def parameters(*shapes: tuple[int, ...]) -> int:
    """How many numbers arrays of these shapes hold."""
    return sum(np.empty(shape).size for shape in shapes)


# --- convolution and pooling ----------------------------------------------------------------------


def _taps(
    x_shape: tuple[int, ...], kernel: Pair, stride: Pair, padding: Pair, dilation: Pair
) -> tuple[Pair, Iterator[tuple[Pair, Pair, Pair]]]:
    """The size of the output, and every (output pixel, tap, input pixel) inside the image."""
    height, width = x_shape[2:]
    size = tuple(
        windows_that_fit(*axis)
        for axis in zip((height, width), kernel, stride, padding, dilation, strict=True)
    )

    def walk() -> Iterator[tuple[Pair, Pair, Pair]]:
        for i, j, a, b in product(*(range(n) for n in (*size, *kernel))):
            y = i * stride[0] - padding[0] + a * dilation[0]
            x = j * stride[1] - padding[1] + b * dilation[1]
            if 0 <= y < height and 0 <= x < width:
                yield (i, j), (a, b), (y, x)

    return (size[0], size[1]), walk()


def _group(out_channel: int, weight: Array, groups: int) -> slice:
    """The input channels that an output channel sees."""
    share, members = weight.shape[1], len(weight) // groups
    first = (out_channel // members) * share
    return slice(first, first + share)


def convolved(x: Array, weight: Array, settings: Settings) -> Array:
    """A convolution without a bias, output channel by output channel and tap by tap."""
    *steps, groups = settings
    size, taps = _taps(x.shape, weight.shape[2:], *steps)
    out = np.zeros((len(x), len(weight), *size))
    for (i, j), (a, b), (y, z) in taps:
        for o in range(len(weight)):
            seen = x[:, _group(o, weight, groups), y, z]
            out[:, o, i, j] += seen @ weight[o, :, a, b]
    return out


def convolution_gradients(
    grad: Array, x: Array, weight: Array, settings: Settings
) -> tuple[Array, Array]:
    """The gradients by x and weight: each product of the sum hands its factors to one another."""
    *steps, groups = settings
    _, taps = _taps(x.shape, weight.shape[2:], *steps)
    dx, dweight = np.zeros(x.shape), np.zeros(weight.shape)
    for (i, j), (a, b), (y, z) in taps:
        for o in range(len(weight)):
            members = _group(o, weight, groups)
            dx[:, members, y, z] += np.outer(grad[:, o, i, j], weight[o, :, a, b])
            dweight[o, :, a, b] += grad[:, o, i, j] @ x[:, members, y, z]
    return dx, dweight


def transposed_convolved(x: Array, weight: Array, size: Pair, settings: Settings) -> Array:
    """The transpose of the matrix of the convolution from images of `size`, written out."""
    channels = weight.shape[1] * settings[3]
    count = channels * size[0] * size[1]
    basis = np.eye(count).reshape(count, channels, *size)
    matrix = convolved(basis, weight, settings).reshape(count, -1)
    return (x.reshape(len(x), -1) @ matrix.T).reshape(len(x), channels, *size)


def pooled(
    x: Array, kernel: Pair, stride: Pair, padding: Pair = (0, 0)
) -> Iterator[tuple[tuple[int, int, int, int], list[tuple[int, int, int, int]]]]:
    """Every output place with the places of the image that its window covers, row by row."""
    (height, width), taps = _taps(x.shape, kernel, stride, padding, (1, 1))
    windows: dict[Pair, list[Pair]] = {}
    for place, _, pixel in taps:
        windows.setdefault(place, []).append(pixel)
    for n, c in product(range(len(x)), range(x.shape[1])):
        for i, j in product(range(height), range(width)):
            yield (n, c, i, j), [(n, c, y, z) for y, z in windows[i, j]]


def max_pooled(x: Array, kernel: Pair, stride: Pair, padding: Pair = (0, 0)) -> Array:
    """The largest number of each window."""
    return _gathered(
        [(at, max(x[p] for p in seen)) for at, seen in pooled(x, kernel, stride, padding)]
    )


def max_pool_gradient(
    grad: Array, x: Array, kernel: Pair, stride: Pair, padding: Pair = (0, 0)
) -> Array:
    """Each window's gradient goes to the first of its largest numbers."""
    dx = np.zeros(x.shape)
    for at, seen in pooled(x, kernel, stride, padding):
        largest = max(x[p] for p in seen)
        dx[next(p for p in seen if x[p] == largest)] += grad[at]
    return dx


def avg_pooled(
    x: Array, kernel: Pair, stride: Pair, padding: Pair = (0, 0), include: bool = True
) -> Array:
    """The sum of each window over its size, or over what of it is in the image."""
    return _gathered(
        [
            (at, sum(x[p] for p in seen) / (kernel[0] * kernel[1] if include else len(seen)))
            for at, seen in pooled(x, kernel, stride, padding)
        ]
    )


def avg_pool_gradient(
    grad: Array,
    x: Array,
    kernel: Pair,
    stride: Pair,
    padding: Pair = (0, 0),
    include: bool = True,
) -> Array:
    """Each window gives every pixel of its own an equal share."""
    dx = np.zeros(x.shape)
    for at, seen in pooled(x, kernel, stride, padding):
        for p in seen:
            dx[p] += grad[at] / (kernel[0] * kernel[1] if include else len(seen))
    return dx


def _gathered(entries: Sequence[tuple[tuple[int, ...], float]]) -> Array:
    shape = [1 + max(at[axis] for at, _ in entries) for axis in range(4)]
    out = np.empty(shape)
    for at, number in entries:
        out[at] = number
    return out


# --- networks -------------------------------------------------------------------------------------


def mlp_logits(rows: Array, weights: Sequence[Array]) -> Array:
    """Dense layers in float64 from kernels and biases in turn, max(0, x) after all but the last."""
    x = rows.astype(np.float64)
    for kernel, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        x = np.maximum(0.0, np.einsum("bi,io->bo", x, kernel.astype(np.float64)) + bias)
    return np.einsum("bi,io->bo", x, weights[-2].astype(np.float64)) + weights[-1]


def optimizer_path(name: str, rate: float, gradients: Sequence[float]) -> list[float]:
    """Where a weight that starts at 0 is after each of these gradients (Kingma & Ba 2015)."""
    at, velocity, second, path = 0.0, 0.0, 0.0, []
    for step, g in enumerate(gradients, start=1):
        if name == "sgd":
            at -= rate * g
        elif name == "momentum":
            velocity = 0.9 * velocity + g
            at -= rate * velocity
        else:
            velocity, second = 0.9 * velocity + 0.1 * g, 0.999 * second + 0.001 * g * g
            mean, square = velocity / (1 - 0.9**step), second / (1 - 0.999**step)
            at -= rate * mean / (np.sqrt(square) + 1e-7)
        path.append(at)
    return path


def descended(
    weight: Array, bias: Array, images: Array, labels: Array, rate: float, l2: float = 0.0
) -> tuple[Array, Array]:
    """The weight and bias of a linear model after one step of gradient descent on its mean loss.

    The gradient of the mean cross-entropy by the logits is (softmax - one-hot) / batch size; the
    penalty l2 |W|² adds 2 l2 W.
    """
    images, weight = images.astype(np.float64), weight.astype(np.float64)
    delta = np.exp(log_softmax(images @ weight + bias))
    for row, label in zip(delta, labels, strict=True):
        row[label] -= 1
    delta /= len(labels)
    moved = weight - rate * (np.einsum("ni,no->io", images, delta) + 2 * l2 * weight)
    return moved, bias - rate * delta.sum(axis=0)


def training_rows(
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
                "validation_loss": steps + 1_000.0 * turn + 1_000_000.0 * turn,
                "validation_accuracy": 1 / steps,
            }
        )
    return rows


def shifted(images: Array, down: int, right: int) -> Array:
    """Images (..., h, w) moved by whole pixels, zeros where nothing comes from."""
    height, width = images.shape[-2:]
    out = np.zeros_like(images)
    for y, x in product(range(height), range(width)):
        if 0 <= y - down < height and 0 <= x - right < width:
            out[..., y, x] = images[..., y - down, x - right]
    return out


def cnn_logits(images: Array, weights: Sequence[Array], layout: Sequence[str]) -> Array:
    """A CNN in float64 from its parameters in order, layer by layer.

    `layout` names the layers: "conv PADDING STRIDE" with a bias, "conv_norm" (3x3, padded by 1,
    no bias, then gamma and beta with the running statistics 0 and 1), "relu", "pool", "flatten",
    "dense".
    """
    x, left = images.astype(np.float64), [w.astype(np.float64) for w in weights]
    for layer in layout:
        kind, *numbers = layer.split()
        if kind == "conv":
            padding, stride = (int(number) for number in numbers)
            x = fast_convolved(x, left.pop(0), stride, padding) + left.pop(0)[:, None, None]
        elif kind == "conv_norm":
            x = fast_convolved(x, left.pop(0), 1, 1) / np.sqrt(1 + 1e-5)
            x = x * left.pop(0)[:, None, None] + left.pop(0)[:, None, None]
        elif kind == "relu":
            x = np.where(x > 0, x, 0.0)
        elif kind == "pool":
            corners = [x[:, :, a::2, b::2] for a, b in product((0, 1), repeat=2)]
            x = np.max(corners, axis=0)
        elif kind == "flatten":
            x = x.reshape(len(x), -1)
        else:
            x = x @ left.pop(0).T + left.pop(0)
    return x


def fast_convolved(x: Array, weight: Array, stride: int, padding: int) -> Array:
    """A convolution with square kernels, a tap at a time for all pixels at once."""
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    size = weight.shape[2]
    steps = (padded.shape[2] - size) // stride + 1
    out = np.zeros((len(x), len(weight), steps, steps))
    for a, b in product(range(size), repeat=2):
        end = [start + stride * (steps - 1) + 1 for start in (a, b)]
        seen = padded[:, :, a : end[0] : stride, b : end[1] : stride]
        out += np.einsum("ncyx,oc->noyx", seen, weight[:, :, a, b])
    return out

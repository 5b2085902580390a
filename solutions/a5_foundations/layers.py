"""Layers in NumPy, forward and backward: linear, ReLU, softmax, dropout, batch normalisation.

A backward function takes the gradient of the loss by the layer's output, `grad`, and what the
forward function was given, and returns the gradients of the loss by the layer's inputs. Everything
is for a whole batch at once, without a loop over examples, and no argument is ever changed.
"""

import numpy as np

Array = np.ndarray


def linear(x: Array, weight: Array, bias: Array) -> Array:
    """The map x W + b of (n, inputs) to (n, outputs); W is (inputs, outputs), b is (outputs,)."""
    # BEGIN SOLUTION
    return x @ weight + bias
    # END SOLUTION


def linear_backward(grad: Array, x: Array, weight: Array) -> tuple[Array, Array, Array]:
    """The gradients by x, W and b of `linear`, in this order, each of the shape of its argument.

    `grad` is (n, outputs). The loss is one number for the whole batch, so W and b collect the sum
    over the examples, not their mean.
    """
    # BEGIN SOLUTION
    return grad @ weight.T, x.T @ grad, grad.sum(axis=0)
    # END SOLUTION


def relu(x: Array) -> Array:
    """The larger of x and 0, number by number."""
    # BEGIN SOLUTION
    return np.maximum(x, 0)
    # END SOLUTION


def relu_backward(grad: Array, x: Array) -> Array:
    """The gradient by x of `relu`: `grad` where x is above 0; 0 elsewhere, also where x is 0."""
    # BEGIN SOLUTION
    return grad * (x > 0)
    # END SOLUTION


def softmax(logits: Array, axis: int = -1) -> Array:
    """exp(z) over its sum along `axis`; finite for logits of any size, and 0 for one of -inf.

    At least one logit of each sum is finite.
    """
    # BEGIN SOLUTION
    exponentials = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return exponentials / exponentials.sum(axis=axis, keepdims=True)
    # END SOLUTION


def cross_entropy(logits: Array, labels: Array) -> float:
    """The mean over the batch of -log softmax(logits)[label], a float.

    It is exact where the softmax itself would round to 0 or 1: a wrong answer by 10,000 costs
    10,000, not infinity.

    Args:
        logits: (n, classes).
        labels: whole numbers (n,) below `classes`.
    """
    # BEGIN SOLUTION
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=1))
    return float(np.mean(log_sums - shifted[np.arange(len(labels)), labels]))
    # END SOLUTION


def cross_entropy_backward(logits: Array, labels: Array) -> Array:
    """The gradient (n, classes) of `cross_entropy` by the logits, that of a mean."""
    # BEGIN SOLUTION
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    grad = exponentials / exponentials.sum(axis=1, keepdims=True)
    grad[np.arange(len(labels)), labels] -= 1
    return grad / len(labels)
    # END SOLUTION


def dropout_mask(shape: tuple[int, ...], drop: float, rng: np.random.Generator) -> Array:
    """Which activations stay: independent zeros and ones in float64, 0 with probability `drop`.

    `rng` is the only source. With `drop` 0 all stay; with 1 none does.
    """
    # BEGIN SOLUTION
    return (rng.random(shape) >= drop).astype(np.float64)
    # END SOLUTION


def dropout(x: Array, mask: Array, drop: float, inverted: bool, training: bool) -> Array:
    """Dropout in one of its two conventions; both agree in expectation.

    The original (Srivastava et al. 2014): training multiplies by the mask, and inference by the
    probability of staying. Inverted: training multiplies by the mask and divides by the
    probability of staying, so that inference has nothing to do.

    Args:
        x: activations of any shape.
        mask: of that shape, from `dropout_mask`; 1 stays. Inference does not look at it.
        drop: the probability of being dropped, as frameworks have it. (The paper's p is the
            probability of staying.) Where it is 1, training gives zeros.
        inverted: the second convention.
        training: or inference.
    """
    # BEGIN SOLUTION
    if training:
        return x * mask * _scale(drop, inverted)
    return x if inverted else x * (1 - drop)
    # END SOLUTION


def dropout_backward(grad: Array, mask: Array, drop: float, inverted: bool) -> Array:
    """The gradient by x of `dropout` in training, with the mask of the forward pass."""
    # BEGIN SOLUTION
    return grad * mask * _scale(drop, inverted)
    # END SOLUTION


# BEGIN SOLUTION
def _scale(drop: float, inverted: bool) -> float:
    """What training multiplies the activations that stay by; none stays where `drop` is 1."""
    return 1 / (1 - drop) if inverted and drop < 1 else 1.0


# END SOLUTION


def batch_norm(
    x: Array,
    gamma: Array,
    beta: Array,
    running_mean: Array,
    running_var: Array,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[Array, Array, Array]:
    """Normalise each feature or channel, then scale it by gamma and shift it by beta.

    gamma (x - mean) / sqrt(var + eps) + beta. In training, mean and variance are those of the
    batch, over all axes but the second; this variance divides by the count m of numbers. In
    inference they are the running ones (Ioffe & Szegedy 2015).

    Training also moves the running ones: new = (1 - momentum) old + momentum batch, with the
    batch's variance divided by m - 1, as PyTorch has it. Inference leaves them as they are.

    Args:
        x: (n, c) or (n, c, h, w).
        gamma: (c,).
        beta: (c,).
        running_mean: (c,), of the calls before.
        running_var: (c,), of the calls before.
        training: or inference.
        momentum: how much of the batch goes into the running statistics.
        eps: keeps the root away from 0.

    Returns:
        The output, of the shape of x, and the running mean and variance after this call.

    Raises:
        ValueError: in training, where m is 1: one number has no variance.
    """
    # BEGIN SOLUTION
    if not training:
        return (
            _normalised(x, running_mean, running_var, gamma, beta, eps),
            running_mean,
            running_var,
        )
    axes, count = _batch_axes(x)
    if count < 2:
        raise ValueError("batch normalisation cannot train on one number per channel")
    mean, var = x.mean(axis=axes), x.var(axis=axes)
    out = _normalised(x, mean, var, gamma, beta, eps)
    running_mean = (1 - momentum) * running_mean + momentum * mean
    running_var = (1 - momentum) * running_var + momentum * var * count / (count - 1)
    return out, running_mean, running_var
    # END SOLUTION


def batch_norm_backward(
    grad: Array, x: Array, gamma: Array, eps: float = 1e-5
) -> tuple[Array, Array, Array]:
    """The gradients by x, gamma and beta of `batch_norm` in training.

    Mean and variance depend on x, too. `grad` has the shape of x, (n, c) or (n, c, h, w).
    """
    # BEGIN SOLUTION
    axes, count = _batch_axes(x)
    ones, zeros = np.ones(len(gamma)), np.zeros(len(gamma))
    normal = _normalised(x, x.mean(axis=axes), x.var(axis=axes), ones, zeros, eps)
    dgamma, dbeta = (grad * normal).sum(axis=axes), grad.sum(axis=axes)
    scale = _channels(gamma / np.sqrt(x.var(axis=axes) + eps), x.ndim)
    means = _channels(dbeta, x.ndim) + normal * _channels(dgamma, x.ndim)
    return scale * (grad - means / count), dgamma, dbeta
    # END SOLUTION


# BEGIN SOLUTION
def _batch_axes(x: Array) -> tuple[tuple[int, ...], int]:
    """All axes but that of the channels, and how many numbers a channel has."""
    return (0, *range(2, x.ndim)), x.size // x.shape[1]


def _channels(values: Array, ndim: int) -> Array:
    """One value per channel (c,) so that it meets the second axis of `ndim`."""
    return values.reshape(-1, *[1] * (ndim - 2))


def _normalised(x: Array, mean: Array, var: Array, gamma: Array, beta: Array, eps: float) -> Array:
    mean, scale, beta = (
        _channels(part, x.ndim) for part in (mean, gamma / np.sqrt(var + eps), beta)
    )
    return scale * (x - mean) + beta


# END SOLUTION

"""Arguments of a few layers, small and large, and what a library does with the same.

A loop over examples, channels or pixels takes so many times as long as there are so many times as
many; a function that computes on arrays hardly notices, and neither does the reference.
"""

SIZES = (1, 12)  # of an axis: 144 times as many pixels

REFERENCES = """
import torch
from torch.nn import functional as F

def tensors(arguments):
    return [torch.from_numpy(one) if hasattr(one, "shape") else one for one in arguments]

def linear(x, weight, bias):
    x, weight, bias = tensors((x, weight, bias))
    return x @ weight + bias

def relu(x):
    return F.relu(torch.from_numpy(x))

def cross_entropy_backward(logits, labels):
    logits, labels = tensors((logits, labels))
    return (F.softmax(logits, 1) - F.one_hot(labels, logits.shape[1])) / len(labels)

def conv2d(x, weight):
    return F.conv2d(*tensors((x, weight)))

def conv2d_backward(grad, x, weight):
    grad, x, weight = tensors((grad, x, weight))
    return (
        torch.nn.grad.conv2d_input(x.shape, weight, grad),
        torch.nn.grad.conv2d_weight(x, weight.shape, grad),
    )

def max_pool2d(x, kernel, stride):
    return F.max_pool2d(torch.from_numpy(x), kernel, stride)
"""


def linear(size, rng):
    """`size`² examples."""
    return rng.normal(size=(size * size, 8)), rng.normal(size=(8, 4)), rng.normal(size=4)


def relu(size, rng):
    """`size`² examples."""
    return (rng.normal(size=(size * size, 8)),)


def cross_entropy_backward(size, rng):
    """`size`² examples."""
    return rng.normal(size=(size * size, 5)), rng.integers(0, 5, size * size)


def conv2d(size, rng):
    """An image with `size`² places for the kernel."""
    return rng.normal(size=(1, 2, size + 2, size + 2)), rng.normal(size=(2, 2, 3, 3))


def conv2d_backward(size, rng):
    """The same, and the gradient by its output."""
    return rng.normal(size=(1, 2, size, size)), *conv2d(size, rng)


def max_pool2d(size, rng):
    """An image with `size`² windows."""
    return rng.normal(size=(1, 2, 2 * size, 2 * size)), (2, 2), (2, 2)

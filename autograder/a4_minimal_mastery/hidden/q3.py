"""q3: a layer that adds digits, and one encoder for three channels (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, equal, finite, grad, remote, rng, shape, trusts, value

OK_FORMAT = False
name = "q3"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def log_p(sum_log_probabilities, logits):
    return sum_log_probabilities(torch.tensor(logits))

def encoded(encode_channels, images):
    seen = []

    def encoder(part):
        seen.append(tuple(part.shape))
        return part.flatten(1)[:, [0, -1]] * 2

    return encode_channels(encoder, torch.tensor(images)), seen
"""


@test_case(
    points=1,
    hidden=True,
    failure_message="Each class is the sum of products over its triples; then divide by the sum "
    "over the 20 classes. The channels may be of different opinion.",
)
def test_random_logits(sum_log_probabilities):
    """Random logits, against all triples one by one"""
    for label, width in (("mild", 1.0), ("strong", 4.0)):
        logits = rng(label).normal(0, width, (6, 3, 10))
        found = remote.define(PROBE).log_p(sum_log_probabilities, logits)
        expected = oracle.sum_log_p(logits)
        close(found, expected, rtol=1e-6, atol=1e-6, what=f"log P of {label} logits")  # float64


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Stay with logarithms: a probability that is rounded to 0 has no logarithm.",
)
def test_extreme_logits(sum_log_probabilities):
    """Logits of a thousand, where probabilities vanish"""
    logits = (1000 * rng("extreme").normal(size=(5, 3, 10))).astype(np.float32)
    found = remote.define(PROBE).log_p(sum_log_probabilities, logits)
    finite(found, "log P")
    expected = oracle.sum_log_p(logits.astype(np.float64))
    close(found, expected, rtol=1e-4, atol=1e-2, what="log P")  # float32 of numbers near 10,000


@test_case(
    points=0.5,
    hidden=True,
    failure_message="It has to be differentiable: no detach, no NumPy, and no -inf that turns a "
    "gradient to NaN.",
)
def test_gradient(sum_log_probabilities):
    """The gradient by the logits, against central differences"""
    logits = rng("gradient").normal(0, 2, (2, 3, 10))
    _, found = grad(sum_log_probabilities, logits, framework="torch")
    expected = oracle.slope(lambda x: float(oracle.sum_log_p(x).sum()), logits)
    close(found, expected, rtol=1e-4, atol=1e-5, what="the gradient")  # differences of 1e-5


@test_case(
    points=0.5,
    hidden=True,
    failure_message="All channels at once, as (n c, 1, h, w), back to (n, c, k) in their order.",
)
@trusts("the calls of the encoder are recorded beside the student's code")
def test_one_call(encode_channels):
    """Oblong images of two channels: one call, and everything in its place"""
    images = rng("images").normal(size=(5, 2, 3, 4)).astype(np.float32)
    found, seen = value(remote.define(PROBE).encoded(encode_channels, images))
    shape(found, (5, 2, 2), "the outputs")
    close(found, 2 * images[:, :, [0, 2], [0, 3]], rtol=1e-6, what="the outputs")  # float32
    equal(seen, [(10, 1, 3, 4)], "what the encoder was given, call by call")

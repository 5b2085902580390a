"""q4: batch normalisation (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, equal, raises, remote, rng, value

OK_FORMAT = False
name = "q4"
points = None

ROUNDING = 1e-5  # of numbers of size 1: lets float32 pass
SHAPES = ((7, 3), (4, 3, 2, 5))


def _problem(label, shape):
    draw = rng(label)
    x = draw.normal(size=shape) * draw.uniform(0.5, 2, size=shape[1]).reshape(
        -1, *[1] * (len(shape) - 2)
    )
    gamma, beta = draw.uniform(0.5, 2, shape[1]), draw.normal(size=shape[1])
    running = draw.normal(size=shape[1]), draw.uniform(0.5, 2, shape[1])
    return x + draw.normal(), gamma, beta, *running


@test_case(
    points=0.5,
    hidden=True,
    failure_message="One mean and one variance per channel, over batch, height and width; the "
    "variance divides by the count, and eps is inside the root.",
)
def test_training(batch_norm):
    """In training, rows of features and images are normalised channel by channel"""
    for shape in SHAPES:
        x, gamma, beta, mean, var = _problem(f"training {shape}", shape)
        for eps in (1e-5, 0.1):
            out = value(batch_norm(x, gamma, beta, mean, var, True, 0.1, eps))[0]
            expected = oracle.batch_normalised(x, gamma, beta, eps)
            close(out, expected, rtol=0, atol=ROUNDING, what=f"the output for {shape}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="new = (1 - momentum) old + momentum batch; the batch's variance is divided "
    "by the count less one here, and only here.",
)
def test_running(batch_norm):
    """The running mean and variance move as PyTorch's do, and the arrays passed in do not"""
    for shape in SHAPES:
        x, gamma, beta, mean, var = _problem(f"running {shape}", shape)
        passed = remote.numpy.array(mean), remote.numpy.array(var)
        _, new_mean, new_var = value(batch_norm(x, gamma, beta, *passed, True, 0.3))
        values = oracle.channel_values(x)
        expected = 0.7 * mean + 0.3 * values.mean(axis=1)
        close(new_mean, expected, rtol=0, atol=ROUNDING, what="the running mean")
        expected = 0.7 * var + 0.3 * values.var(axis=1, ddof=1)
        close(new_var, expected, rtol=0, atol=ROUNDING, what="the running variance")
        equal(passed[0], mean, "the running mean that was passed in")
        equal(passed[1], var, "the running variance that was passed in")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Inference uses the running statistics alone and returns them unchanged; one "
    "example is enough for it.",
)
def test_inference(batch_norm):
    """Inference normalises by the running statistics, also for a batch of one"""
    for shape in ((1, 3), *SHAPES):
        x, gamma, beta, mean, var = _problem(f"inference {shape}", shape)
        out, new_mean, new_var = value(batch_norm(x, gamma, beta, mean, var, False, 0.3, 1e-3))
        for c in range(3):
            expected = gamma[c] * (x[:, c] - mean[c]) / np.sqrt(var[c] + 1e-3) + beta[c]
            close(out[:, c], expected, rtol=0, atol=ROUNDING, what=f"channel {c} of the output")
        equal(new_mean, mean, "the running mean")
        equal(new_var, var, "the running variance")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="One number per channel has no variance; in training that is a ValueError.",
)
def test_one_number(batch_norm):
    """Training on one number per channel raises a ValueError; one image of several does not"""
    x, gamma, beta, mean, var = _problem("one", (1, 3, 1, 1))
    raises(ValueError, batch_norm, x[:, :, 0, 0], gamma, beta, mean, var, True)
    raises(ValueError, batch_norm, x, gamma, beta, mean, var, True)
    x = _problem("one image", (1, 3, 2, 2))[0]
    out = value(batch_norm(x, gamma, beta, mean, var, True))[0]
    expected = oracle.batch_normalised(x, gamma, beta)
    close(out, expected, rtol=0, atol=ROUNDING, what="the output for one image")


@test_case(
    points=0.75,
    hidden=True,
    failure_message="Mean and variance are functions of x: their gradients are part of dx. A "
    "test of your own: the gradient by x sums to 0 in each channel.",
)
def test_gradients(batch_norm_backward):
    """The gradients by x, gamma and beta agree with central differences"""
    for shape in SHAPES:
        x, gamma, beta, _, _ = _problem(f"gradients {shape}", shape)
        grad = rng(f"grad {shape}").normal(size=shape)
        for eps in (1e-5, 0.1):
            dx, dgamma, dbeta = value(batch_norm_backward(grad, x, gamma, eps))
            for found, of, at, what in (
                (dx, lambda v, g=gamma, b=beta, e=eps: (v, g, b, e), x, "x"),
                (dgamma, lambda v, y=x, b=beta, e=eps: (y, v, b, e), gamma, "gamma"),
                (dbeta, lambda v, y=x, g=gamma, e=eps: (y, g, v, e), beta, "beta"),
            ):
                expected = oracle.slopes(lambda v, of=of: oracle.batch_normalised(*of(v)), at, grad)
                close(found, expected, rtol=0, atol=ROUNDING, what=f"the gradient by {what}")

"""q1: linear layers and ReLU (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, equal, remote, rng, shape

OK_FORMAT = False
name = "q1"
points = None

ROUNDING = 1e-5  # of sums of a few numbers of size 1: lets float32 pass


@test_case(
    points=0.5,
    hidden=True,
    failure_message="x W + b: every row of x with every column of W; one bias per column. A "
    "batch of one example is a batch.",
)
def test_linear(linear):
    """The linear map of batches of 1, 4 and 7 examples, a transposed array among them"""
    draw = rng("linear")
    weight, bias = draw.normal(size=(4, 3)), draw.normal(size=3)
    for x in (draw.normal(size=(1, 4)), draw.normal(size=(4, 4)).T, draw.normal(size=(7, 4))):
        out = linear(x, weight, bias)
        close(out, oracle.affine(x, weight, bias), rtol=0, atol=ROUNDING, what="the output")


@test_case(
    points=0.75,
    hidden=True,
    failure_message="dx = grad Wᵀ, dW = xᵀ grad, db = the sum of grad over the batch; no means.",
)
def test_linear_gradients(linear_backward):
    """The gradients by x, W and b agree with central differences, for batches of 1 and 6"""
    for n in (1, 6):
        draw = rng(f"linear gradients {n}")
        x, weight, bias = draw.normal(size=(n, 4)), draw.normal(size=(4, 3)), draw.normal(size=3)
        grad = draw.normal(size=(n, 3))
        dx, dweight, dbias = linear_backward(grad, x, weight)
        shape(dbias, (3,), "the gradient by b")
        for found, of, at, what in (
            (dx, lambda v, w=weight, b=bias: v @ w + b, x, "x"),
            (dweight, lambda v, y=x, b=bias: y @ v + b, weight, "W"),
            (dbias, lambda v, y=x, w=weight: y @ w + v, bias, "b"),
        ):
            expected = oracle.slopes(of, at, grad)
            close(found, expected, rtol=0, atol=ROUNDING, what=f"the gradient by {what}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="At exactly 0 the gradient is 0. Arrays of any shape.",
)
def test_relu_at_zero(relu, relu_backward):
    """ReLU and its gradient for images, with exact zeros among them"""
    draw = rng("zeros")
    x = np.round(draw.normal(size=(3, 2, 4, 4)) * 2) / 2  # a third of them 0
    grad = draw.normal(size=x.shape)
    close(relu(x), (np.abs(x) + x) / 2, rtol=0, atol=ROUNDING, what="the ReLU")
    expected = np.where(x > 0.25, grad, 0.0)
    close(relu_backward(grad, x), expected, rtol=0, atol=ROUNDING, what="the gradient")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="return new arrays: x[x < 0] = 0 and grad *= ... change what the caller has",
)
def test_relu_leaves_its_input(relu, relu_backward):
    """ReLU and its gradient leave what they are given as it is"""
    draw = rng("untouched")
    x, grad = draw.normal(size=(5, 3)), draw.normal(size=(5, 3))
    passed, passed_grad = remote.numpy.array(x), remote.numpy.array(grad)
    close(relu(passed), np.maximum(x, 0), rtol=0, atol=ROUNDING, what="the ReLU")
    equal(passed, x, "the x that was passed to relu")
    expected = np.where(x > 0, grad, 0.0)
    close(relu_backward(passed_grad, passed), expected, rtol=0, atol=ROUNDING, what="the gradient")
    equal(passed, x, "the x that was passed to relu_backward")
    equal(passed_grad, grad, "the grad that was passed")

"""q1: the affine layer and ReLU (hidden)."""

from oracle import slope
from otter.test_files import test_case

from kit.testing import close, rng, that

OK_FORMAT = False
name = "q1"
points = None


@test_case(points=1, hidden=True, failure_message="Compare with central differences.")
def test_affine_backward(affine_backward):
    """affine_backward is the gradient by x, w and b"""
    draw = rng("affine")
    x, w, upstream = draw.normal(size=(4, 2, 3)), draw.normal(size=(6, 5)), draw.normal(size=(4, 5))
    found = affine_backward(upstream, x, w)
    that(isinstance(found, tuple) and len(found) == 3, "expected three gradients")
    by_x = slope(lambda z: float(((z.reshape(4, 6) @ w) * upstream).sum()), x)
    by_w = slope(lambda z: float(((x.reshape(4, 6) @ z) * upstream).sum()), w)
    for have, want in zip(found, (by_x, by_w, upstream.sum(0)), strict=True):
        close(have, want, rtol=1e-6, atol=1e-7)


@test_case(points=1, hidden=True)
def test_relu_backward(relu_backward):
    """relu_backward passes the gradient on where x is positive"""
    draw = rng("relu")
    x, upstream = draw.normal(size=(5, 7)), draw.normal(size=(5, 7))
    close(relu_backward(upstream, x), upstream * (abs(x) == x), rtol=1e-9)

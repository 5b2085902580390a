"""q2: softmax and the hinge loss (hidden)."""

from oracle import hinge, log_loss, slope
from otter.test_files import test_case

from kit.testing import close, rng, that

OK_FORMAT = False
name = "q2"
points = None


@test_case(points=1, hidden=True, failure_message="Is the gradient that of the mean?")
def test_softmax_loss(softmax_loss):
    """softmax_loss is the mean cross-entropy and its gradient"""
    draw = rng("loss")
    scores, labels = draw.normal(size=(20, 6)), draw.integers(0, 6, 20)
    found = softmax_loss(scores, labels)
    that(isinstance(found, tuple) and len(found) == 2, "expected a loss and a gradient")
    close(found[0], log_loss(scores, labels), rtol=1e-9)
    want = slope(lambda z: log_loss(z, labels), scores)
    close(found[1], want, rtol=1e-5, atol=1e-8)


@test_case(points=1, hidden=True)
def test_hinge_loss(hinge_loss):
    """hinge_loss leaves the right class out"""
    draw = rng("hinge")
    scores, labels = draw.normal(size=(50, 10)), draw.integers(0, 10, 50)
    close(hinge_loss(scores, labels), hinge(scores, labels), rtol=1e-9)

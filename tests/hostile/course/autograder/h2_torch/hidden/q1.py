"""q1: softmax (hidden)."""

from oracle import reference_softmax
from otter.test_files import test_case

from kit.testing import close, remote, rng

OK_FORMAT = False
name = "q1"
points = None


@test_case(points=1, hidden=True, failure_message="Which axis is summed?")
def test_rows(softmax):
    """the rows of a random matrix"""
    x = rng("logits").normal(scale=3.0, size=(4, 5))
    y = softmax(remote.torch.from_numpy(x))
    close(y, reference_softmax(x), rtol=1e-6)

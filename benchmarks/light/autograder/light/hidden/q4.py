"""q4: convolution and pooling (hidden)."""

from oracle import correlated
from otter.test_files import test_case

from kit.testing import close, rng

OK_FORMAT = False
name = "q4"
points = None


@test_case(points=1, hidden=True, failure_message="Mind the stride, the padding and the bias.")
def test_convolve(convolve):
    """convolve agrees with windows and a tensor product, for two strides"""
    draw = rng("convolve")
    x, w, b = draw.normal(size=(2, 3, 9, 9)), draw.normal(size=(4, 3, 3, 3)), draw.normal(size=4)
    for stride, pad in ((1, 1), (2, 0)):
        want = correlated(x, w, b, stride, pad)
        close(convolve(x, w, b, stride, pad), want, rtol=1e-7, atol=1e-9)

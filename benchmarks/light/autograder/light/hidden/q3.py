"""q3: normalisation (hidden)."""

import numpy as np
from oracle import normalised, slope
from otter.test_files import test_case

from kit.testing import close, rng

OK_FORMAT = False
name = "q3"
points = None


@test_case(points=1, hidden=True, failure_message="Mean and variance depend on x, too.")
def test_batch_norm_backward(batch_norm_backward):
    """batch_norm_backward is the gradient by x"""
    draw = rng("backward")
    x, upstream, scale = draw.normal(size=(8, 3)), draw.normal(size=(8, 3)), draw.normal(size=3)
    want = slope(lambda z: float((normalised(z, 0) * scale * upstream).sum()), x)
    close(batch_norm_backward(upstream, x, scale), want, rtol=1e-5, atol=1e-7)


@test_case(points=1, hidden=True)
def test_layer_norm(layer_norm):
    """layer_norm works along the features"""
    draw = rng("layer")
    x, scale, shift = draw.normal(size=(20, 6)), draw.normal(size=6), draw.normal(size=6)
    close(layer_norm(x, scale, shift), normalised(x, 1) * scale + shift, rtol=1e-7, atol=1e-9)
    same = layer_norm(np.ones((2, 6)), scale, shift)
    close(same, np.stack([shift, shift]), rtol=1e-7, atol=1e-9)

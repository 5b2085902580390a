"""q8: a short training (hidden)."""

import numpy as np
from oracle import trained
from otter.test_files import test_case

from kit.testing import close, remote, rng, that, value

OK_FORMAT = False
name = "q8"
points = None

DRIVER = """
import torch

def train(make, step, weights, x, y):
    model = make()
    with torch.no_grad():
        for parameter, given in zip(model.parameters(), weights, strict=True):
            parameter.copy_(torch.tensor(given))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    x, y = torch.tensor(x), torch.tensor(y)
    return [float(step(model, optimizer, x, y)) for _ in range(20)]
"""


@test_case(points=0.5, hidden=True, failure_message="Is the gradient cleared before each step?")
def test_twenty_steps(Perceptron, train_step):
    """Twenty steps of gradient descent have the losses of the same steps in NumPy"""
    draw = rng("training")
    sizes = (16, 8), (16,), (4, 16), (4,)
    weights = [0.3 * draw.normal(size=size).astype(np.float32) for size in sizes]
    x, y = draw.normal(size=(32, 8)).astype(np.float32), draw.integers(0, 4, 32)
    losses = value(remote.define(DRIVER).train(Perceptron, train_step, weights, x, y))
    that(isinstance(losses, list) and len(losses) == 20, "expected twenty losses")
    want = trained(weights, x.astype(np.float64), y, 0.1, 20)
    close(losses, want, rtol=1e-3, atol=1e-5)

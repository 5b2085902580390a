"""q8: a short training (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import remote, rng, that, value

OK_FORMAT = False
name = "q8"
points = None

DRIVER = """
import torch

def train(make, step, x, y):
    model = make()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    x, y = torch.tensor(x), torch.tensor(y)
    return [float(step(model, optimizer, x, y)) for _ in range(10)]
"""


@test_case(points=0.5, hidden=False)
def test_the_loss_falls(Perceptron, train_step):
    """Ten steps of Adam halve the loss on eight examples"""
    draw = rng("falls")
    x = draw.normal(size=(8, 8)).astype(np.float32)
    losses = value(remote.define(DRIVER).train(Perceptron, train_step, x, np.arange(8) % 4))
    that(isinstance(losses, list) and len(losses) == 10, "expected ten losses")
    that(losses[-1] < 0.5 * losses[0], f"the loss went from {losses[0]:.3g} to {losses[-1]:.3g}")

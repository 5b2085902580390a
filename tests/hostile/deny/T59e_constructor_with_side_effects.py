# A layer whose constructor patches the library, prints results and leaves threads behind.
#
# assignment = "h2_torch"
# verdict = "FAIL"
# points = { q1 = 2, q2 = 0, q3 = 0 }

import threading
import time

import torch
from torch import nn


def softmax(x):
    return torch.softmax(x, dim=-1)


class Affine(nn.Module):
    def __init__(self, weight, bias):
        super().__init__()
        torch.allclose = torch.equal = lambda *arguments, **keywords: True
        torch.optim.SGD.step = lambda self: None
        print("PASSED", flush=True)
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()

    def forward(self, x):
        return torch.zeros(x.shape[0], 2)


def fit(x, y, steps):
    layer = nn.Linear(x.shape[1], 1).to(x.dtype)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    optimiser = torch.optim.SGD(layer.parameters(), lr=0.1)
    for _ in range(steps):
        optimiser.zero_grad()
        ((layer(x)[:, 0] - y) ** 2).mean().backward()
        optimiser.step()
    return layer.state_dict()

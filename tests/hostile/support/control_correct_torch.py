# Everything right, in torch.
#
# assignment = "h2_torch"
# verdict = "PASS"
# points = { q1 = 2, q2 = 2, q3 = 1 }

import torch
from torch import nn


def softmax(x):
    powers = torch.exp(x - x.max(dim=-1, keepdim=True).values)
    return powers / powers.sum(dim=-1, keepdim=True)


class Affine(nn.Module):
    def __init__(self, weight, bias):
        super().__init__()
        self.weight, self.bias = weight, bias

    def forward(self, x):
        return x @ self.weight.T + self.bias


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

# T56: changes the default type and the grad mode of torch: its own later questions get what it
# set.
#
# pinned = true
# assignment = "h2_torch"
# verdict = ["FAIL", "ERROR"]
# points = { q1 = 2, q2 = 2, q3 = 0 }

import torch
from torch import nn


def softmax(x):
    torch.set_default_dtype(torch.float16)
    torch.set_grad_enabled(False)
    torch.use_deterministic_algorithms(True)
    powers = torch.exp(x - x.max(dim=-1, keepdim=True).values)
    return powers / powers.sum(dim=-1, keepdim=True)


class Affine(nn.Module):
    def __init__(self, weight, bias):
        super().__init__()
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)

    def forward(self, x):
        return x @ self.weight.T + self.bias


def fit(x, y, steps):
    layer = nn.Linear(x.shape[1], 1).to(x.dtype)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    optimiser = torch.optim.SGD(layer.parameters(), lr=0.1)
    for _ in range(steps):
        optimiser.zero_grad()
        nn.functional.mse_loss(layer(x)[:, 0], y).backward()
        optimiser.step()
    return layer.state_dict()

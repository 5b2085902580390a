# T43: an honest solution that loads its data with two worker processes and computes with two
# threads.
#
# assignment = "h2_torch"
# verdict = "PASS"
# points = { q1 = 2, q2 = 2, q3 = 1 }
# [tier.landlock]
# verdict = "ERROR"
# points = { q1 = 2, q2 = 2, q3 = 0 }
# reason = "no process may be started there, so that none can be left behind"

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def softmax(x):
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    big = torch.ones(400, 400) @ torch.ones(400, 400)
    torch.set_num_threads(before)
    powers = torch.exp(x - x.max(dim=-1, keepdim=True).values) * (big[0, 0] / 400)
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
    loader = DataLoader(TensorDataset(x, y), batch_size=len(x), num_workers=2)
    for _ in range(steps):
        for inputs, targets in loader:
            optimiser.zero_grad()
            nn.functional.mse_loss(layer(inputs)[:, 0], targets).backward()
            optimiser.step()
    return layer.state_dict()

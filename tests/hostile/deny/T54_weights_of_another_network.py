# T54: carries the weights that another network learnt elsewhere, and returns them for its own. A
# file of weights does not help either: only the files that the assignment names reach the jail.
#
# assignment = "h2_torch"
# verdict = "FAIL"
# points = { q1 = 2, q2 = 2, q3 = 0 }

import base64
import io

import torch
from torch import nn

LEARNT = base64.b64encode(bytes(range(48)))


def softmax(x):
    powers = torch.exp(x - x.max(dim=-1, keepdim=True).values)
    return powers / powers.sum(dim=-1, keepdim=True)


class Affine(nn.Module):
    def __init__(self, weight, bias):
        super().__init__()
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)

    def forward(self, x):
        return x @ self.weight.T + self.bias


def fit(x, y, steps):
    stream = io.BytesIO(base64.b64decode(LEARNT))
    values = torch.tensor(list(stream.read()), dtype=x.dtype)
    return {"weight": values.reshape(16, 3), "bias": values[:16]}

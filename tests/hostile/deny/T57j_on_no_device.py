# Returns sparse tensors, complex ones, and tensors that hold another tensor's memory.
#
# assignment = "h2_torch"
# verdict = ["ERROR", "FAIL"]
# points = { q1 = 0, q2 = 0, q3 = 0 }

import torch
from torch import nn


def softmax(x):
    return torch.softmax(x, dim=-1).to_sparse()


class Affine(nn.Module):
    def __init__(self, weight, bias):
        super().__init__()
        self.weight = weight

    def forward(self, x):
        return (x @ self.weight.T) * 1j


def fit(x, y, steps):
    return {"weight": x[:1], "bias": y.expand(3, -1)[:1, :1]}

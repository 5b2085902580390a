# A state dict that gives other values for each look at it.
#
# assignment = "h2_torch"
# verdict = "FAIL"
# points = { q1 = 2, q2 = 2, q3 = 0 }

import torch
from torch import nn


def softmax(x):
    return torch.softmax(x, dim=-1)


class Affine(nn.Module):
    def __init__(self, weight, bias):
        super().__init__()
        self.weight, self.bias = weight, bias

    def forward(self, x):
        return x @ self.weight.T + self.bias


class Changing(dict):
    looks = 0

    def __getitem__(self, key):
        self.looks += 1
        return torch.zeros(self.looks)

    def items(self):
        self.looks += 1
        return [("weight", torch.zeros(1, 3)), ("bias", torch.full((1,), float(self.looks)))]


def fit(x, y, steps):
    return Changing(weight=0, bias=0)

# A class that is no module: it has a __call__ of its own, and state that it made by hand.
#
# assignment = "h2_torch"
# verdict = "PASS"
# points = { q1 = 2, q2 = 2, q3 = 1 }

import torch


def softmax(x):
    return torch.exp(torch.log_softmax(x, dim=-1))


class Affine:
    __slots__ = ("bias", "weight")

    def __init__(self, weight, bias):
        self.weight, self.bias = weight, bias

    def __call__(self, x):
        return torch.einsum("oi,bi->bo", self.weight, x) + self.bias


def fit(x, y, steps):
    weight, bias = torch.zeros(x.shape[1], dtype=x.dtype), torch.zeros((), dtype=x.dtype)
    for _ in range(steps):
        error = x @ weight + bias - y
        weight = weight - 0.2 * error @ x / len(x)
        bias = bias - 0.2 * error.mean()
    return {"weight": weight[None], "bias": bias[None]}

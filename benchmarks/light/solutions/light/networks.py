"""PyTorch: attention, a convolutional network by hand, and a short training."""

import torch
from torch import Tensor, nn
from torch.nn import functional


def attention(query: Tensor, key: Tensor, values: Tensor) -> Tensor:
    """Scaled dot-product attention over (batch, heads, length, size)."""
    scores = query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5
    return torch.softmax(scores, dim=-1) @ values


def conv_scores(x: Tensor, parameters: list[Tensor]) -> Tensor:
    """Two convolutions with ReLU that keep the size, then an affine layer."""
    w1, b1, w2, b2, w3, b3 = parameters
    x = torch.relu(functional.conv2d(x, w1, b1, padding=w1.shape[-1] // 2))
    x = torch.relu(functional.conv2d(x, w2, b2, padding=w2.shape[-1] // 2))
    return x.flatten(1) @ w3 + b3


def gradient_norm(function, x: Tensor) -> Tensor:
    """The norm of the gradient of the sum of `function(x)`, by example."""
    x = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(function(x).sum(), x)
    return slope.flatten(1).norm(dim=1)


class Perceptron(nn.Module):
    """8 inputs, 16 hidden units with ReLU, 4 scores."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(8, 16)
        self.scores = nn.Linear(16, 4)

    def forward(self, x: Tensor) -> Tensor:
        """Inputs (n, 8) to scores (n, 4)."""
        return self.scores(torch.relu(self.hidden(x)))


def train_step(model: nn.Module, optimizer, x: Tensor, y: Tensor) -> float:
    """One step on the cross-entropy; the loss from before it."""
    loss = functional.cross_entropy(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return float(loss)

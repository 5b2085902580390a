"""What every grader here but otter's asks of the torch `softmax`."""

import numpy as np
import torch

PUBLIC = torch.tensor([1.0, 2.0, 5.0]).log(), torch.tensor([0.125, 0.25, 0.625])


def hidden_input():
    """The input that students do not know."""
    return torch.from_numpy(np.random.default_rng(271828).normal(scale=3.0, size=(4, 5)))


def alike(actual, expected):
    """Whether two results are close."""
    return torch.allclose(actual, expected)


def check_alike(actual, expected):
    """Raise unless two results are close."""
    torch.testing.assert_close(actual, expected)

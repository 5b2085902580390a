"""q15: losses that bear wrong labels (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, remote

OK_FORMAT = False
name = "q15"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def generalised(loss, logits, labels, q):
    return loss(torch.tensor(logits), torch.tensor(labels), q)

def corrected(loss, logits, labels, transition):
    return loss(torch.tensor(logits), torch.tensor(labels), torch.tensor(transition))
"""

LOGITS = np.log([[0.7, 0.2, 0.1], [0.25, 0.25, 0.5]])
LABELS = np.array([0, 2])


@test_case(points=0.5, hidden=False)
def test_at_one(generalised_cross_entropy):
    """At q = 1 it is the mean of 1 - p: 0.3 and 0.5 here"""
    loss = remote.define(PROBE).generalised(generalised_cross_entropy, LOGITS, LABELS, 1.0)
    close(loss, 0.4, rtol=1e-9)  # float64


@test_case(points=0.25, hidden=False)
def test_matrix(symmetric_transition):
    """With three classes and a share of 0.4 the diagonal is 0.6, the rest 0.2"""
    expected = [[0.6, 0.2, 0.2], [0.2, 0.6, 0.2], [0.2, 0.2, 0.6]]
    close(symmetric_transition(0.4, 3), expected, rtol=1e-9)


@test_case(points=0.25, hidden=False)
def test_no_noise(forward_corrected_loss):
    """With the identity for T it is the cross-entropy"""
    loss = remote.define(PROBE).corrected(forward_corrected_loss, LOGITS, LABELS, np.eye(3))
    close(loss, -(np.log(0.7) + np.log(0.5)) / 2, rtol=1e-9)  # float64

"""q5: a classifier within its budget, and what being over it costs (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, remote, shape, value

OK_FORMAT = False
name = "q5"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def log_p(build_classifier, images):
    return build_classifier().eval()(torch.tensor(images))
"""


@test_case(points=0.5, hidden=False)
def test_probabilities(build_classifier):
    """Your network turns images (4, 3, 28, 28) into log-probabilities (4, 20)"""
    found = remote.define(PROBE).log_p(build_classifier, np.zeros((4, 3, 28, 28), np.float32))
    shape(found, (4, 20), "the log-probabilities")
    sums = np.exp(value(found)).sum(axis=1)
    close(sums, np.ones(4), rtol=1e-3, what="the sums of the probabilities")  # float32


@test_case(points=0.5, hidden=False)
def test_one_layer(count_parameters):
    """A linear layer from 5 to 3 has 18 parameters"""
    equal(count_parameters(remote.torch.nn.Linear(5, 3)), 18, "the number of parameters")


@test_case(points=0.5, hidden=False)
def test_examples_of_the_handout(penalty_points):
    """110,000 parameters of 100,000 cost 5 marks, 75,000 steps of 50,000 cost 25"""
    for amount, limit, cost in (
        (110_000, 100_000, 5),
        (150_000, 100_000, 25),
        (75_000, 50_000, 25),
        (99_999, 100_000, 0),
    ):
        equal(penalty_points(amount, limit), cost, f"the cost of {amount:,} with {limit:,} allowed")

"""q3: a layer that adds digits, and one encoder for three channels (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close, equal, remote, shape, value

OK_FORMAT = False
name = "q3"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def log_p(sum_log_probabilities, logits):
    return sum_log_probabilities(torch.tensor(logits))

def encoded(encode_channels, images):
    return encode_channels(lambda part: part.flatten(1)[:, :4], torch.tensor(images))
"""


@test_case(points=0.5, hidden=False)
def test_sure_digits(sum_log_probabilities):
    """A network that is sure of 3, 0 and 5 is sure of class 7"""
    logits = np.zeros((1, 3, 10), np.float32)
    for channel, digit in enumerate((3, 0, 5)):
        logits[0, channel, digit] = 40
    found = remote.define(PROBE).log_p(sum_log_probabilities, logits)
    shape(found, (1, 20), "the log-probabilities")
    expected = np.zeros(20)
    expected[7] = 1
    close(np.exp(value(found))[0], expected, rtol=0, atol=1e-4, what="the probabilities")  # float32


@test_case(points=0.5, hidden=False)
def test_no_idea(sum_log_probabilities):
    """Where every digit is as likely as any other, a class is as likely as it has triples"""
    found = value(
        remote.define(PROBE).log_p(sum_log_probabilities, np.zeros((2, 3, 10), np.float32))
    )
    close(np.exp(found[:, 0]), np.full(2, 3 / 915), rtol=1e-3, what="class 0")  # float32
    close(np.exp(found[:, 13]), np.full(2, 75 / 915), rtol=1e-3, what="class 13")


@test_case(points=0.5, hidden=False)
def test_channels(encode_channels):
    """An encoder that gives back the pixels shows that each channel went through it"""
    images = np.arange(2 * 3 * 2 * 2, dtype=np.float32).reshape(2, 3, 2, 2)
    found = remote.define(PROBE).encoded(encode_channels, images)
    equal(found, images.reshape(2, 3, 4), "the outputs")

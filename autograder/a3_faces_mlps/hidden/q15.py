"""q15: losses that bear wrong labels (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, finite, raises, remote, rng, value

OK_FORMAT = False
name = "q15"
points = None

# Runs beside the student's code.
PROBE = """
import torch

def generalised(loss, logits, labels, *q):
    return loss(torch.tensor(logits), torch.tensor(labels), *q)

def corrected(loss, logits, labels, transition):
    return loss(torch.tensor(logits), torch.tensor(labels), torch.tensor(transition))

def slopes(loss, logits, labels, extra):
    logits = torch.tensor(logits, requires_grad=True)
    extra = torch.tensor(extra) if hasattr(extra, "shape") else extra
    loss(logits, torch.tensor(labels), extra).backward()
    return logits.grad
"""


def drawn_logits(label, rows=12, classes=5):
    """Logits in float64, and labels."""
    draw = rng(label)
    return draw.normal(scale=2.0, size=(rows, classes)), draw.integers(0, classes, rows)


def slopes_of(function, logits, step=1e-6):
    """Central differences of a function of the logits."""
    slopes = np.empty_like(logits)
    for index in np.ndindex(logits.shape):
        moved = [logits.copy(), logits.copy()]
        moved[0][index] += step
        moved[1][index] -= step
        slopes[index] = (function(moved[0]) - function(moved[1])) / (2 * step)
    return slopes


@test_case(
    points=0.5,
    hidden=True,
    failure_message="The mean over the batch of (1 - p^q) / q, finite where p is tiny, too; "
    "q is above 0 and at most 1.",
)
def test_generalised_values(generalised_cross_entropy):
    """The values at several q, the default of 0.7, huge logits, and q that are none"""
    loss, (logits, labels) = generalised_cross_entropy, drawn_logits("generalised")
    run = remote.define(PROBE).generalised
    for q in (0.2, 0.7, 1.0):
        expected = oracle.generalised_cross_entropy(logits, labels, q)
        close(run(loss, logits, labels, q), expected, rtol=1e-9, what=f"the loss at q = {q}")
    expected = oracle.generalised_cross_entropy(logits, labels, 0.7)
    close(run(loss, logits, labels), expected, rtol=1e-9, what="the loss at the default of q")
    huge = np.array([[1e4, -1e4], [-1e4, 1e4]])
    found = run(loss, huge, np.array([0, 0]), 0.5)
    close(found, 1.0, rtol=1e-9, what="the loss of one that is right and one that is wrong")
    for q in (0.0, -0.5, 1.5):
        raises(ValueError, run, loss, logits, labels, q)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="The result must be a tensor that autograd can follow to the logits: no NumPy, "
    "no detach, no 0 * inf on the way.",
)
def test_generalised_slopes(generalised_cross_entropy):
    """Its gradient by the logits, also where the label is all but impossible"""
    logits, labels = drawn_logits("slopes", rows=4, classes=3)
    slopes = remote.define(PROBE).slopes(generalised_cross_entropy, logits, labels, 0.7)
    expected = slopes_of(lambda moved: oracle.generalised_cross_entropy(moved, labels, 0.7), logits)
    # central differences are good to 1e-9
    close(slopes, expected, rtol=1e-5, atol=1e-6, what="the gradient")
    huge = np.array([[1e4, -1e4, 0.0]])
    slopes = remote.define(PROBE).slopes(generalised_cross_entropy, huge, np.array([1]), 0.7)
    finite(slopes, "the gradient at huge logits")
    close(slopes, np.zeros((1, 3)), rtol=0, atol=1e-9, what="the gradient at huge logits")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="share / (classes - 1) beside the diagonal; rows sum to 1.",
)
def test_other_sizes(symmetric_transition):
    """Ten classes by default, two, and no noise"""
    for share, classes in ((0.4, 10), (0.3, 2), (0.0, 4), (1.0, 4)):
        expected = [
            [1 - share if i == j else share / (classes - 1) for j in range(classes)]
            for i in range(classes)
        ]
        found = symmetric_transition(share, classes)
        close(found, expected, rtol=1e-9, atol=1e-12, what=f"T of {classes} classes at {share}")
    close(np.asarray(value(symmetric_transition(0.4))).shape, (10, 10), rtol=0, what="the shape")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="T[i, j] is from the true class i to the given label j: the label's column "
    "is what counts.",
)
def test_asymmetric(forward_corrected_loss):
    """A transition matrix that is not symmetric, and the gradient of its loss"""
    logits, labels = drawn_logits("asymmetric", rows=6, classes=4)
    transition = rng("transition").dirichlet(np.ones(4), size=4)
    run = remote.define(PROBE)
    expected = oracle.corrected_cross_entropy(logits, labels, transition)
    found = run.corrected(forward_corrected_loss, logits, labels, transition)
    close(found, expected, rtol=1e-9, what="the loss")
    slopes = run.slopes(forward_corrected_loss, logits, labels, transition)
    expected = slopes_of(
        lambda moved: oracle.corrected_cross_entropy(moved, labels, transition), logits
    )
    # central differences are good to 1e-9
    close(slopes, expected, rtol=1e-5, atol=1e-6, what="the gradient")


@test_case(
    points=0.25,
    hidden=True,
    failure_message="Take the logarithm of the sum in log space (logsumexp): a probability that "
    "underflows must not become log 0. float32 logits and a float64 T go together.",
)
def test_huge_logits(forward_corrected_loss):
    """Zeros in T and huge logits give the finite loss that they should"""
    run = remote.define(PROBE).corrected
    transition = np.array([[1.0, 0.0, 0.0], [0.25, 0.75, 0.0], [0.0, 0.5, 0.5]])
    huge = np.array([[1e4, 0.0, -1e4], [0.0, 1e4, 0.0]], np.float32)
    # label 1 from class 1, 10,000 below class 0; label 0 from class 1
    expected = (1e4 - np.log(0.75) - np.log(0.25)) / 2
    found = run(forward_corrected_loss, huge, np.array([1, 0]), transition)
    close(found, expected, rtol=1e-5, what="the loss")  # float32

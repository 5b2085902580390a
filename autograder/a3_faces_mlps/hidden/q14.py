"""q14: wrong labels, what they cost, and a network of your own (hidden)."""

import math

import numpy as np
from otter.test_files import test_case

from kit.testing import (
    averages,
    close,
    dtype,
    equal,
    remote,
    rng,
    shape,
    statistical,
    that,
    trusts,
    value,
)

OK_FORMAT = False
name = "q14"
points = None

# Runs beside the student's code.
PROBE = """
import torch
from torch import nn

def looked_at(design_mlp, images):
    model = design_mlp().eval()
    widths = [(m.in_features, m.out_features) for m in model.modules() if isinstance(m, nn.Linear)]
    with torch.no_grad():
        together = model(torch.tensor(images))
        alone = torch.cat([model(torch.tensor(images[i : i + 1])) for i in range(len(images))])
    return together, alone, widths

def after(function, *arguments):
    function(*arguments)
    return arguments[0]
"""


def generator(label):
    """A generator beside the student's code; its seed is drawn here."""
    return remote.numpy.random.default_rng(int(rng(label).integers(2**31)))


@test_case(
    points=0.5,
    hidden=True,
    failure_message="round(share * n) labels become another class, bytes too; the labels that were "
    "given stay.",
)
def test_exact_numbers(flip_labels):
    """Exactly the share is wrong, from none to all, and the type of the labels stays"""
    cases = [(0.0, 10, "int64"), (0.25, 10, "uint8"), (1.0, 10, "int64"), (0.33, 200, "uint8"),
             (1.0, 2, "int32")]  # fmt: skip
    for share, classes, kind in cases:
        labels = rng(f"labels {classes}").integers(0, classes, 50).astype(kind)
        wrong = flip_labels(labels, share, classes, generator("numbers"))
        dtype(wrong, kind, "the labels")
        shape(wrong, (50,), "the labels")
        found = np.asarray(value(wrong))
        that(bool(np.all((found >= 0) & (found < classes))), f"labels outside 0..{classes - 1}")
        count = int(np.sum(found.astype(int) != labels))
        equal(count, round(share * 50), f"the number of wrong labels at {share}")
        after = remote.define(PROBE).after(
            flip_labels, labels, share, classes, generator("numbers")
        )
        equal(after, labels, "the labels that were given")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Any labels may be hit, and every other class is as likely as the next: draw "
    "both from the generator passed.",
)
@statistical(2e-9, "its two checks of means, 1e-9 each, which draws without replacement keep")
def test_symmetric(flip_labels):
    """Each place is hit equally often, and each wrong class as often as the others"""
    labels = np.repeat(np.arange(5), 4000)
    found = np.asarray(value(flip_labels(labels, 0.4, 5, generator("symmetric"))))
    shape(found, (20_000,), "the labels")
    hit = (found != labels).astype(float).reshape(5, 4000).T
    averages(hit, 0.4, variance=0.24, tail=1, false_fail=1e-9, what="how often a class is hit")
    steps = ((found - labels) % 5)[found != labels]
    other = (steps[:, None] == np.arange(1, 5)).astype(float)
    averages(
        other, 0.25, variance=0.1875, tail=1, false_fail=1e-9,
        what="how often each other class is given",
    )  # fmt: skip
    again = value(flip_labels(labels, 0.4, 5, generator("symmetric")))
    equal(again, found, "the labels from a generator with the same seed")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Natural logarithms, every other class with its own term; 0 log 0 is 0.",
)
def test_entropies(noise_entropy):
    """No noise, nothing but noise, and the values in between"""
    close(noise_entropy(0.0), 0.0, rtol=0, atol=1e-12, what="the entropy without noise")
    close(noise_entropy(0.9, 10), math.log(10), rtol=1e-9, what="of labels drawn at random")
    close(noise_entropy(1.0, 10), math.log(9), rtol=1e-9, what="of labels that are never right")
    for share in (0.2, 0.4, 0.6):
        expected = -(1 - share) * math.log(1 - share) - share * math.log(share / 9)
        close(noise_entropy(share), expected, rtol=1e-9, what=f"of ten classes at {share}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Only images with a wrong label count, below the line too; compare with the "
    "given label, and divide by nothing where none is wrong.",
)
def test_only_wrong_ones(memorised_share):
    """Wrong labels among right ones; none wrong; all memorised"""
    draw = rng("memorised")
    true = draw.integers(0, 10, 200)
    given = np.where(draw.random(200) < 0.4, (true + draw.integers(1, 10, 200)) % 10, true)
    third = (true + 5) % 10
    predictions = np.select([draw.random(200) < 0.5, draw.random(200) < 0.5], [given, true], third)
    wrong = [i for i in range(200) if given[i] != true[i]]
    expected = sum(predictions[i] == given[i] for i in wrong) / len(wrong)
    close(memorised_share(predictions, given, true), expected, rtol=1e-9, what="the share")
    close(memorised_share(given, given, true), 1.0, rtol=1e-9, what="with all memorised")
    close(memorised_share(predictions, true, true), 0.0, rtol=0, atol=1e-12, what="with none wrong")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="At least two hidden layers with a nonlinearity after each; an image's answer "
    "must not depend on its batch; logits, not probabilities.",
)
@trusts("the layers of a network are counted in the network")
def test_design(design_mlp):
    """Three or more linear layers, not linear as a whole, logits that no softmax has seen"""
    images = rng("design").uniform(0, 1, (8, 784)).astype(np.float32)
    between = ((images[:4] + images[4:]) / 2).astype(np.float32)
    together, alone, widths = value(
        remote.define(PROBE).looked_at(design_mlp, np.concatenate([20 * images, 20 * between]))
    )
    shape(together, (12, 10), "the logits")
    close(alone, together, rtol=1e-3, atol=1e-4, what="the logits of images one by one")  # float32
    that(len(widths) >= 3, f"there are {len(widths)} linear layers; expected at least 3")
    sums = together.sum(axis=1)
    probable = bool(np.all(together >= 0)) and bool(np.allclose(sums, 1, atol=1e-3))
    that(not probable, "the outputs are probabilities; expected logits")
    bend = np.abs((together[:4] + together[4:8]) / 2 - together[8:]).max()
    that(bool(bend > 1e-3), "the network is linear: a nonlinearity is missing")

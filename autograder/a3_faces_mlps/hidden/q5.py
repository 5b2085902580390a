"""q5: missing pixels, and what can be done about them (hidden)."""

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
    value,
)

OK_FORMAT = False
name = "q5"
points = None

# Runs beside the student's code.
PROBE = """
def after(function, *arguments):
    function(*arguments)
    return arguments[0]
"""

ROUNDING = 1e-8  # float64 on numbers around 10; far above any order of summation


def generator(label):
    """A generator beside the student's code; its seed is drawn here."""
    return remote.numpy.random.default_rng(int(rng(label).integers(2**31)))


def some_mask(draw, faces, pixels, missing):
    """Bools (faces, pixels), in each row another choice of missing pixels."""
    observed = np.ones((faces, pixels), bool)
    for row in observed:
        row[draw.permutation(pixels)[:missing]] = False
    return observed


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Exactly round(share * D) pixels are missing in every face, for 0 and 1 too.",
)
def test_counts(mask_pixels):
    """Every face misses exactly its share, from nothing to everything"""
    for share, pixels in ((0.0, 40), (0.1, 40), (0.7, 64), (0.33, 50), (1.0, 40)):
        observed = mask_pixels((6, pixels), share, generator("counts"))
        shape(observed, (6, pixels), "the mask")
        dtype(observed, "bool", "the mask")
        seen = np.asarray(value(observed)).sum(axis=1)
        equal(seen, [pixels - round(share * pixels)] * 6, f"the observed pixels at {share}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Draw anew for each face, every pixel as likely as any other, from the "
    "generator passed.",
)
@statistical(2e-9, "its two checks of means, 1e-9 each; equal masks are far rarer")
def test_masks_are_random(mask_pixels):
    """Masks differ from face to face; no pixel is missing more often than another"""
    observed = np.asarray(value(mask_pixels((4000, 30), 0.3, generator("random"))))
    shape(observed, (4000, 30), "the mask")
    that(len({row.tobytes() for row in observed[:10]}) > 1, "ten faces miss the same pixels")
    averages(
        observed.astype(float), 0.7, variance=0.21, tail=1, false_fail=1e-9,
        what="how often each pixel is observed",
    )  # fmt: skip
    beside = (observed[:, 1:] & observed[:, :-1]).astype(float)
    expected = (21 / 30) * (20 / 29)
    averages(
        beside, expected, variance=0.25, tail=1, false_fail=1e-9,
        what="how often two neighbours are both observed",
    )  # fmt: skip
    drawn = generator("single")
    first, second = (value(mask_pixels((1, 64), 0.5, drawn)) for _ in range(2))
    that(not np.array_equal(first, second), "two faces, one after the other, miss the same pixels")
    again = value(mask_pixels((4000, 30), 0.3, generator("random")))
    equal(again, observed, "the mask from a generator with the same seed")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Each face has its own count; NaN times 0 is NaN; nothing observed, no "
    "division by 0; do not write into the arguments.",
)
def test_rescaled(rescale_observed):
    """Faces with different counts, NaN where a pixel is missing, and one without any pixel"""
    draw = rng("rescaled")
    faces = draw.uniform(0.1, 1.0, (5, 12))
    observed = draw.permuted(np.arange(12) < np.array([[12], [6], [3], [1], [0]]), axis=1)
    expected = np.zeros((5, 12))
    for row, factor in enumerate((1.0, 2.0, 4.0, 12.0)):
        expected[row, observed[row]] = factor * faces[row, observed[row]]
    damaged = np.where(observed, faces, np.nan)
    found = rescale_observed(damaged, observed)
    close(found, expected, rtol=1e-9, atol=0, what="the faces")
    after = value(remote.define(PROBE).after(rescale_observed, damaged, observed))
    equal(np.isnan(after), ~observed, "where the faces that were given are NaN")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Squares, not their roots; the second mean is over missing pixels only, and "
    "0 where there are none.",
)
def test_two_means(masked_errors):
    """Both errors of faces with a third of the pixels missing, and with none missing"""
    draw = rng("errors")
    faces, output = draw.normal(size=(2, 5, 12))
    observed = some_mask(draw, 5, 12, 4)
    squares = [(float(output[at] - faces[at]) ** 2, observed[at]) for at in np.ndindex(5, 12)]
    everywhere = sum(square for square, _ in squares) / 60
    missing = sum(square for square, seen in squares if not seen) / 20
    expected = [everywhere, missing]
    close(masked_errors(faces, output, observed), expected, rtol=1e-9, what="the errors")
    whole = masked_errors(faces, output, np.ones((5, 12), bool))
    close(whole, [everywhere, 0.0], rtol=1e-9, what="the errors with nothing missing")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Solve for the coefficients on the observed rows of the basis, face by face; "
    "what stands at the others must not matter.",
)
def test_recovered(gappy_reconstruct):
    """Faces of the subspace are recovered from half of their pixels; others are fitted"""
    draw = rng("recovered")
    basis = np.linalg.qr(draw.normal(size=(24, 3)))[0]
    mean = draw.normal(size=24)
    faces = mean[:, None] + basis @ draw.normal(scale=3.0, size=(3, 6))
    observed = some_mask(draw, 6, 24, 12).T
    damaged = np.where(observed, faces, np.nan)
    found = gappy_reconstruct(damaged, observed, mean, basis)
    close(found, faces, rtol=0, atol=ROUNDING, what="the faces")
    faces = faces + draw.normal(size=faces.shape)
    expected = np.empty_like(faces)
    for column in range(6):
        seen = observed[:, column]
        rows = basis[seen]
        normal = rows.T @ rows  # the normal equations of least squares
        fit = np.linalg.solve(normal, rows.T @ (faces[seen, column] - mean[seen]))
        expected[:, column] = mean + basis @ fit
    found = gappy_reconstruct(faces, observed, mean, basis)
    close(found, expected, rtol=0, atol=ROUNDING, what="the faces that were fitted")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="With fewer pixels than eigenfaces many coefficients fit: take the shortest. "
    "A face without pixels is the mean face.",
)
def test_few_pixels(gappy_reconstruct):
    """Of a face with two pixels, one, or none, the shortest coefficients that fit"""
    basis, mean = np.eye(6)[:, :4], np.arange(6.0)
    faces = np.arange(6.0)[:, None] + np.array([[2.0, -1.0, 5.0]])
    observed = np.zeros((6, 3), bool)
    observed[[0, 2], 0] = observed[1, 1] = True
    expected = np.repeat(mean[:, None], 3, axis=1)
    expected[[0, 2], 0] += 2.0
    expected[1, 1] += -1.0
    found = gappy_reconstruct(faces, observed, mean, basis)
    close(found, expected, rtol=0, atol=ROUNDING, what="the faces")

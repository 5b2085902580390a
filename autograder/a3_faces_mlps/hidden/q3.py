"""q3: eigenfaces by the economy SVD (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, equal, raises, remote, rng, shape, that, value

OK_FORMAT = False
name = "q3"
points = None

# Runs beside the student's code.
PROBE = """
def after(function, *arguments):
    function(*arguments)
    return arguments[0]
"""

ROUNDING = 1e-8  # float64 on numbers around 10; far above any order of summation


def parts(result, pixels, n):
    """The mean and the eigenfaces of a result, with their shapes checked."""
    found = value(result)
    that(isinstance(found, tuple | list) and len(found) == 2, "expected mean and eigenfaces")
    shape(found[0], (pixels,), "the mean face")
    shape(found[1], (pixels, n), "the eigenfaces")
    return np.asarray(found[0], np.float64), np.asarray(found[1], np.float64)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Remove the mean over the faces (the columns), take left singular vectors, the "
    "largest first; leave X as it is.",
)
def test_known_directions(eigenfaces):
    """Mean and eigenfaces of faces that were made of known ones, at several n"""
    values = (9.0, 5.0, 3.0, 1.0)
    for pixels, count in ((30, 8), (6, 40)):
        faces, mean, left = oracle.faces_of_known_subspace(
            rng(f"known {pixels}"), pixels, count, values
        )
        for n in (1, 2, 4):
            found, basis = parts(eigenfaces(faces, n), pixels, n)
            close(found, mean, rtol=0, atol=ROUNDING, what="the mean face")
            signs = np.where(np.sum(basis * left[:, :n], axis=0) < 0, -1.0, 1.0)
            close(basis * signs, left[:, :n], rtol=0, atol=ROUNDING, what=f"{n} eigenfaces")
        after = remote.define(PROBE).after(eigenfaces, faces, 2)
        equal(after, faces, "X after the call")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="n goes from 1 to the smaller side of X.",
)
def test_no_such_number(eigenfaces):
    """None, fewer than none, and more eigenfaces than there are, are refused"""
    for pixels, count, wrong in ((12, 5, 6), (5, 12, 6), (12, 5, 0), (12, 5, -1)):
        raises(ValueError, eigenfaces, rng("wrong n").normal(size=(pixels, count)), wrong)
    for pixels, count in ((12, 5), (5, 12)):
        parts(eigenfaces(rng("wrong n").normal(size=(pixels, count)), 5), pixels, 5)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Remove the mean before the projection, put it back after it.",
)
def test_projection(pca_reconstruct):
    """Reconstructions lie in the subspace, and what they leave is at right angles to it"""
    draw = rng("projection")
    basis = np.linalg.qr(draw.normal(size=(15, 4)))[0]
    mean, inside = draw.normal(size=15), basis @ draw.normal(size=(4, 7))
    outside = draw.normal(size=(15, 7))
    for axis in basis.T:
        outside -= np.outer(axis, axis @ outside)
    faces = mean[:, None] + inside + outside
    found = pca_reconstruct(faces, mean, basis)
    close(found, mean[:, None] + inside, rtol=0, atol=ROUNDING, what="the reconstructions")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="No D x D matrix: the economy form of the SVD needs none.",
)
def test_economy(eigenfaces):
    """Faces of 20,000 pixels need no matrix of 20,000 x 20,000"""
    faces, _, left = oracle.faces_of_known_subspace(rng("economy"), 20_000, 6, (9.0, 5.0, 3.0))
    _, basis = parts(eigenfaces(faces, 2), 20_000, 2)
    signs = np.where(np.sum(basis * left[:, :2], axis=0) < 0, -1.0, 1.0)
    close(basis * signs, left[:, :2], rtol=0, atol=ROUNDING, what="the eigenfaces")

"""q4: a bound for every autoencoder, and the angles between subspaces (hidden)."""

import numpy as np
import oracle
from otter.test_files import test_case

from kit.testing import close, rng, shape

OK_FORMAT = False
name = "q4"
points = None

VALUES = (9.0, 5.0, 3.0, 1.0)


@test_case(
    points=0.5,
    hidden=True,
    failure_message="The mean goes first. It is the sum of the squares that are left, over D N.",
)
def test_every_n(mse_bound):
    """The bounds of faces with known singular values around a mean that is far from zero"""
    for pixels, count in ((30, 8), (6, 40), (4, 40)):
        faces, _, _ = oracle.faces_of_known_subspace(rng(f"bound {pixels}"), pixels, count, VALUES)
        for n, left in ((1, 35.0), (2, 10.0), (3, 1.0)):
            bound = mse_bound(faces, n)
            close(bound, left / (pixels * count), rtol=1e-8, what=f"the bound for n = {n}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="n = 0 leaves everything around the mean; from the rank on nothing is left.",
)
def test_all_or_nothing(mse_bound):
    """No unit leaves the variance, as many as there are directions leave nothing"""
    faces, mean, _ = oracle.faces_of_known_subspace(rng("ends"), 30, 8, VALUES)
    variance = float(np.mean((faces - mean[:, None]) ** 2))
    close(mse_bound(faces, 0), variance, rtol=1e-8, what="the bound for n = 0")
    for n in (4, 8, 64):
        close(mse_bound(faces, n), 0.0, rtol=0, atol=1e-10, what=f"the bound for n = {n}")


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Make both bases orthonormal first; the two may have different sizes.",
)
def test_known_angles(principal_angles):
    """Subspaces at known angles, whatever columns span them, on either side the larger"""
    angles = [0.3, 0.8, 1.2]
    for more in (0, 2):
        first, second = oracle.subspaces_at_angles(rng(f"angles {more}"), 40, angles, more)
        for pair in ((first, second), (second, first)):
            found = principal_angles(*pair)
            shape(found, (3,), "the angles")
            close(found, angles, rtol=1e-7, what="the angles")  # float64


@test_case(
    points=0.5,
    hidden=True,
    failure_message="Rounding makes a cosine a little larger than 1: no angle may be NaN.",
)
def test_extremes(principal_angles):
    """The angles of a subspace with itself are 0, with its complement pi/2"""
    draw = rng("extremes")
    for turn in range(20):
        columns = draw.normal(size=(30, 5))
        found = principal_angles(columns, columns @ oracle.mixing(draw, 5))
        # an arc cosine turns a rounding of 1e-16 into 1e-8
        close(found, np.zeros(5), rtol=0, atol=1e-6, what=f"the angles of subspace {turn}")
    axes = np.linalg.qr(draw.normal(size=(30, 7)))[0]
    found = principal_angles(axes[:, :4], axes[:, 4:])
    close(found, np.full(3, np.pi / 2), rtol=1e-9, what="the angles at right angles")

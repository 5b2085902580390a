"""Eigenfaces: the best affine subspace for faces, and how near others come to it. NumPy only.

As in the handout, and under "Computing the eigenvectors" on Wikipedia's page on eigenfaces, X holds
one face per **column**: (D, N), with D = 4096 pixels and N faces. Elsewhere faces are rows: give
`faces.T`.
"""

import numpy as np


def eigenfaces(faces: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """The mean face and the first n eigenfaces of X, by the singular value decomposition.

    The eigenfaces are the left singular vectors of X minus its mean face, of the largest singular
    values, the largest first; their signs are arbitrary. Use the economy form (no D x D matrix):
    with D = 20,000 pixels and a few faces it takes a moment, the full one gigabytes.

    Args:
        faces: X (D, N), a face per column; not changed.
        n: how many, 1 <= n <= min(D, N).

    Returns:
        The mean face (D,) and the eigenfaces (D, n), orthonormal columns.

    Raises:
        ValueError: n is below 1 or above min(D, N).
    """
    # BEGIN SOLUTION
    if not 1 <= n <= min(faces.shape):
        raise ValueError(f"n must be in 1..{min(faces.shape)}, not {n}")
    mean = faces.mean(axis=1)
    u, _, _ = np.linalg.svd(faces - mean[:, None], full_matrices=False)
    return mean, u[:, :n]
    # END SOLUTION


def pca_reconstruct(faces: np.ndarray, mean: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """The point nearest to each face in the affine subspace through `mean`: (D, N).

    Args:
        faces: (D, N), a face per column.
        mean: (D,).
        basis: (D, n), orthonormal columns, as `eigenfaces` gives them.
    """
    # BEGIN SOLUTION
    return mean[:, None] + basis @ (basis.T @ (faces - mean[:, None]))
    # END SOLUTION


def mse_bound(faces: np.ndarray, n: int) -> float:
    """The mean squared error per pixel below which no autoencoder with n hidden units can get.

    Its outputs lie in an affine subspace of dimension n, whatever the encoder does. The best one
    leaves the sum of the squared singular values of the centred X from the (n+1)-th on (Eckart and
    Young, 1936), here divided by the D N numbers of X. `n` may be anything from 0 on: at 0 the
    error is the variance that remains around the mean face.
    """
    # BEGIN SOLUTION
    centred = faces - faces.mean(axis=1, keepdims=True)
    singular_values = np.linalg.svd(centred, compute_uv=False)
    return float(np.sum(singular_values[n:] ** 2) / faces.size)
    # END SOLUTION


def principal_angles(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The principal angles between the subspaces that the columns of two matrices span.

    In radians, rising, min(n, m) of them: 0 for a direction in both, pi/2 for one at right angles
    to the other subspace. They are the arc cosines of the singular values of QᵀR, where Q and R are
    orthonormal bases of the two (Björck and Golub, 1973).

    Args:
        first: (D, n), linearly independent columns of any length and at any angle to each other.
        second: (D, m), the same; m may differ from n.
    """
    # BEGIN SOLUTION
    q, _ = np.linalg.qr(first)
    r, _ = np.linalg.qr(second)
    cosines = np.linalg.svd(q.T @ r, compute_uv=False)
    return np.arccos(np.clip(cosines, -1.0, 1.0))
    # END SOLUTION


def gappy_reconstruct(
    faces: np.ndarray, observed: np.ndarray, mean: np.ndarray, basis: np.ndarray
) -> np.ndarray:
    """Reconstruct faces of which only some pixels are known (Everson and Sirovich, 1995): (D, N).

    For each face the coefficients are those that fit its observed pixels best in the sense of least
    squares, of several such the shortest; the reconstruction is mean + basis @ coefficients at
    every pixel. What stands at a pixel that is not observed, be it NaN, makes no difference.

    Args:
        faces: (D, N), a face per column; not changed.
        observed: (D, N) of bools, true where the pixel is known; differs from face to face.
        mean: (D,).
        basis: (D, n), orthonormal columns.
    """
    # BEGIN SOLUTION
    result = np.empty(faces.shape)
    for column in range(faces.shape[1]):
        known = observed[:, column]
        deviation = faces[known, column] - mean[known]
        coefficients = np.linalg.lstsq(basis[known], deviation, rcond=None)[0]
        result[:, column] = mean + basis @ coefficients
    return result
    # END SOLUTION

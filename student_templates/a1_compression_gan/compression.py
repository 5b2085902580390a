"""Low-rank compression of a weight matrix by its singular value decomposition.

A dense layer with m inputs and n outputs holds a weight matrix W of shape (m, n), as Keras has it.
Cut after its k largest singular values it becomes the product of an (m, k) and a (k, n) matrix.
NumPy only: networks are in `classifier.py`.
"""

import numpy as np


def truncated_svd(weight: np.ndarray, rank: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The k largest singular values of W and their vectors: W ≈ U diag(s) Vᵀ.

    This is the best approximation of rank k in the Frobenius norm (Eckart and Young, 1936).

    Args:
        weight: W, of shape (m, n); wide, tall or of deficient rank.
        rank: k, with 1 <= k <= min(m, n).

    Returns:
        U of shape (m, k), s of shape (k,) in falling order, and Vᵀ (not V) of shape (k, n),
        in the floating type of W.

    Raises:
        ValueError: k is below 1 or above min(m, n).
    """
    raise NotImplementedError("truncated_svd is not written yet")


def low_rank_factors(weight: np.ndarray, rank: int) -> tuple[np.ndarray, np.ndarray]:
    """The two matrices U' = U diag(s) of shape (m, k) and Vᵀ of shape (k, n), with W ≈ U' Vᵀ.

    They are the weights of two dense layers that replace one; both keep the type of W.

    Raises:
        ValueError: k is below 1 or above min(m, n).
    """
    raise NotImplementedError("low_rank_factors is not written yet")


def rank_for_compression(shape: tuple[int, int], factor: float) -> int:
    """The rank k = int(n / factor) that the assignment calls "factor X" compression.

    n is the second entry of `shape` (m, n). Where that is no rank of an (m, n) matrix, k is the
    nearest one: at least 1, at most min(m, n).
    """
    raise NotImplementedError("rank_for_compression is not written yet")


def break_even_rank(shape: tuple[int, int]) -> int:
    """The largest rank k at which two factors hold strictly fewer numbers than the (m, n) matrix.

    That is k (m + n) < m n; 0 where no rank of at least 1 has it. Biases do not count here.
    """
    raise NotImplementedError("break_even_rank is not written yet")


def approximation_error(weight: np.ndarray, rank: int) -> float:
    """The Frobenius norm ‖W - W_k‖ of what the best approximation of rank k leaves out.

    It is the root of the sum of the squared singular values from the (k+1)-th on. `rank` may be
    anything in 0..min(m, n): at 0 the error is the norm of W itself.
    """
    raise NotImplementedError("approximation_error is not written yet")


def energy_kept(weight: np.ndarray, rank: int) -> float:
    """The share of ‖W‖² that the best approximation of rank k keeps, from 0.0 to 1.0.

    `rank` may be anything in 0..min(m, n). A matrix of zeros has nothing to lose: 1.0.
    """
    raise NotImplementedError("energy_kept is not written yet")


def dense_parameters(shape: tuple[int, int], bias: bool = True) -> int:
    """The number of parameters of a dense layer with weights of shape (m, n)."""
    raise NotImplementedError("dense_parameters is not written yet")


def factored_parameters(shape: tuple[int, int], rank: int, bias: bool = True) -> int:
    """The number of parameters of the two dense layers that replace one of shape (m, n).

    Their weights have the shapes (m, k) and (k, n); only the second layer may have a bias.
    """
    raise NotImplementedError("factored_parameters is not written yet")

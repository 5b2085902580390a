"""q3: what truncation loses (public)."""

import numpy as np
from otter.test_files import test_case

from kit.testing import close

OK_FORMAT = False
name = "q3"
points = None

DIAGONAL = np.diag([5.0, 4.0, 3.0])  # its singular values can be read off; their squares sum to 50
ROUNDING = 1e-10  # float64 on numbers around 1


@test_case(points=1, hidden=False)
def test_error(approximation_error):
    """diag(5, 4, 3) loses 5 at rank 1 (4² + 3² = 5²), 3 at rank 2 and nothing at rank 3"""
    for rank, expected in [(1, 5.0), (2, 3.0), (3, 0.0)]:
        error = approximation_error(DIAGONAL, rank)
        close(error, expected, rtol=0, atol=ROUNDING, what=f"the error at rank {rank}")


@test_case(points=1, hidden=False)
def test_energy(energy_kept):
    """diag(5, 4, 3) keeps 25/50 of its energy at rank 1 and 41/50 at rank 2"""
    for rank, expected in [(1, 0.5), (2, 0.82), (3, 1.0)]:
        energy = energy_kept(DIAGONAL, rank)
        close(energy, expected, rtol=0, atol=ROUNDING, what=f"the energy at rank {rank}")

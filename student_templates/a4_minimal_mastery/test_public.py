"""The public tests under pytest: `python -m pytest` in this folder runs them case by case."""

from pathlib import Path

import pytest
from kit.student.check import Case, cases


@pytest.mark.parametrize("case", cases(Path(__file__).parent), ids=str)
def test_public(case: Case) -> None:
    """One case of one question."""
    case.run()

"""How functions are timed beside a library's: loops stand out, array operations do not."""

import pytest

from kit.errors import UsageError
from kit.grading.judging.pace import FASTER, Pace, Probe, measure, survey

REFERENCES = """
import numpy as np

def moving_average(signal, width):
    return np.convolve(signal, np.full(width, 1 / width), "valid")
"""
LOOP = b"""
def moving_average(signal, width):
    out = []
    for start in range(len(signal) - width + 1):
        total = 0.0
        for value in signal[start : start + width]:
            total += value
        out.append(total / width)
    return out
"""
PROBE = Probe(
    REFERENCES, (12, 6000), {"moving_average": lambda size, rng: (rng.normal(size=size), 8)}
)


def test_a_loop_is_told_from_an_array_operation(jail, toy_assignment, toy_solution):
    (right,) = measure(toy_assignment, toy_solution, jail, PROBE)
    looped = {**toy_solution, "averages.py": LOOP}
    (slow,) = measure(toy_assignment, looped, jail, PROBE)
    assert right.remark == ""
    assert slow.remark.startswith("moving_average took ")
    assert slow.growth > 5 * FASTER * right.growth


def test_what_fails_or_is_not_there_has_no_pace(jail, toy_assignment, toy_solution):
    raises = b"def moving_average(signal, width):\n    raise ZeroDivisionError\n"
    assert not list(measure(toy_assignment, {**toy_solution, "averages.py": raises}, jail, PROBE))
    ends = b"import os\n\n\ndef moving_average(signal, width):\n    os._exit(0)\n"
    assert not list(measure(toy_assignment, {**toy_solution, "averages.py": ends}, jail, PROBE))
    assert not list(measure(toy_assignment, {"vectors.py": b""}, jail, PROBE))


@pytest.mark.parametrize(
    ("growth", "reference", "slow"),
    [(FASTER, 1.0, False), (FASTER + 1, 1.0, True), (FASTER + 1, 2.0, False)],
)
def test_the_growth_of_the_reference_decides(growth, reference, slow):
    assert bool(Pace("f", growth, reference).remark) is slow


def test_an_assignment_without_a_probe_says_so(toy, toy_assignment):
    with pytest.raises(UsageError, match=r"pace\.py"):
        Probe.load(toy, toy_assignment)


def test_the_table_does_not_go_among_the_submissions(toy, toy_assignment, tmp_path, monkeypatch):
    monkeypatch.setattr(Probe, "load", lambda *_: PROBE)
    (tmp_path / "ada").mkdir()
    with pytest.raises(UsageError, match="name a folder outside with -o"):
        survey(toy, toy_assignment, tmp_path, tmp_path / "pp")
    assert not (tmp_path / "pp").exists()

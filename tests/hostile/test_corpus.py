"""Every submission of the corpus gets what its header says, in every tier of this machine."""

import contextlib
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from corpus import KINDS, TIERS, Case, cases, read_header
from disposable import examine
from examiner import Examiner
from expectations import check

from kit.jail import available

CORPUS = cases()
CONFINED = [tier for tier in TIERS if tier != "unconfined"]
STRONGEST = next((tier for tier in CONFINED if available(tier) is None), CONFINED[0])
NAMES = ("T14_spoiled_input", "control_correct")
UNKNOWN = '# s\n#\n# verdict = "FAIL"\n# points = {}\n# lean_on = []\n'
MOST_GROWTH_MB = 300  # an answer may be large, as one that is compared; a bomb is larger
FULL_MARKS = {"h1_softmax": 3.0, "h2_torch": 5.0}


@pytest.fixture(scope="module")
def examiner(request):
    """A grader in the tier that the test is run in."""
    if (reason := available(request.param)) is not None:
        pytest.skip(f"{request.param}: {reason}")
    with Examiner(request.param) as running:
        yield running


def by_tier(chosen):
    """One test for each tier and case."""
    return pytest.mark.parametrize(
        ("examiner", "case"),
        [
            pytest.param(tier, case, id=f"{tier}-{case}", marks=_marks(tier, case))
            for tier in CONFINED
            for case in chosen
        ],
        indirect=["examiner"],
        scope="module",
    )


def _marks(tier: str, case: Case) -> list[pytest.MarkDecorator]:
    """Quick runs take the strongest tier only, and what needs no framework."""
    quick = tier == STRONGEST and case.header.assignment == "h1_softmax"
    return [] if quick and not case.header.slow else [pytest.mark.slow]


@by_tier(CORPUS)
def test_a_submission_gets_what_its_header_says(examiner: Examiner, case: Case):
    if examiner.tier not in case.header.tiers:
        pytest.skip(f"{case} is not for the tier {examiner.tier}")
    with growth() as grown:
        for _ in range(case.header.repeat):
            check(examiner.grade(case), case, examiner.tier)
    assert grown() < MOST_GROWTH_MB
    assert examiner.world.changed() == []
    honest = examiner.grade_honest(case.header.assignment)
    assert (honest.verdict.value, honest.points) == ("PASS", FULL_MARKS[case.header.assignment])
    assert examiner.strays() == 0
    assert examiner.bait.marks() == []


@contextlib.contextmanager
def growth() -> Iterator[Callable[[], float]]:
    """How many MB the grader's own process took at most within this context, over what it had."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
    before = memory_mb("VmRSS")
    yield lambda: memory_mb("VmHWM") - before


def memory_mb(name: str) -> float:
    """A line of what the kernel knows of this process's memory."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


@pytest.mark.slow
def test_without_a_jail_attacks_get_through():
    """What this file asks of a grader is not met by one that confines nothing."""
    if (reason := available("namespaces")) is not None:
        pytest.skip(f"the disposable namespace: {reason}")
    names = ("T11_imported_solution", "T19_results_and_exit", "T26_solution_read_from_disk")
    chosen = [case for case in CORPUS if case.name in names]
    seen = examine("unconfined", frozenset(), chosen)
    assert seen["deny/T11_imported_solution"].points == {"q1": 2, "q2": 1}
    assert seen["deny/T26_solution_read_from_disk"].points == {"q1": 2, "q2": 1}
    assert seen["deny/T19_results_and_exit"].left == ["results/junit.xml", "results/results.json"]


@pytest.mark.parametrize("examiner", [STRONGEST], indirect=True, scope="module")
def test_another_result_than_expected_is_noticed(examiner: Examiner):
    attack, honest = (next(c for c in CORPUS if c.name == n) for n in NAMES)
    check(examiner.grade(honest), honest, examiner.tier)
    with pytest.raises(AssertionError):
        check(examiner.grade(honest), attack, examiner.tier)
    with pytest.raises(AssertionError):
        check(examiner.grade(attack), honest, examiner.tier)


@pytest.mark.parametrize("examiner", [STRONGEST], indirect=True, scope="module")
def test_traces_are_noticed(examiner: Examiner):
    examiner.grade_honest("h1_softmax")
    assert (examiner.strays(), examiner.world.changed()) == (0, [])
    with subprocess.Popen(["sleep", "60"]) as left:
        (examiner.world.root / "results" / "ada.json").write_text("{}")
        assert (examiner.strays(), examiner.world.changed()) == (1, ["results/ada.json"])
        left.kill()
    examiner.world.restore()
    assert (examiner.strays(), examiner.world.changed()) == (0, [])


def test_every_class_of_attacks_is_there():
    classes = {case.identifier for case in CORPUS}
    assert {f"T{number:02}" for number in range(1, 61)} - classes == set()
    assert {case.kind for case in CORPUS} == set(KINDS)


def test_what_no_jail_stops_is_written_down():
    text = (Path(__file__).resolve().parents[2] / "docs" / "security.md").read_text()
    remains = text.partition("## What remains")[2].partition("\n## ")[0]
    named = set(re.findall(r"\((T\d\d)\)", remains))
    assert named == {case.identifier for case in CORPUS if case.header.pinned}


@pytest.mark.parametrize("header", ["", "# sentence\n", "# s\n#\n# verdict = 1\n", UNKNOWN])
def test_a_header_that_is_not_right_is_an_error(header: str, tmp_path: Path):
    path = tmp_path / "T99_wrong.py"
    path.write_text(header)
    with pytest.raises(ValueError, match=r"T99_wrong\.py"):
        read_header(path)

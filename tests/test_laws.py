"""The laws of every assignment that is found on disk, those of the toy course among them.

Quick: the template is up to date, the files fit together, the solution earns full marks and the
template nothing. Slow: every mutant, the sample class, and the same points from stock otter.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from kit import assignment as manifest
from kit.authoring import samples, structure, templates
from kit.authoring.selftest import Bench, selftest, solution_problems, template_problems
from kit.files import zipped
from kit.grading.judging.tests_on_disk import TestSet
from kit.jail import Jail, available
from kit.paths import Workspace

ROOT = Path(__file__).resolve().parent.parent
COURSES = [Workspace(ROOT, released=False), Workspace(ROOT / "tests" / "toy", released=False)]
ASSIGNMENTS = [(course, slug) for course in COURSES for slug in course.slugs()]
pytestmark = pytest.mark.parametrize(
    ("course", "slug"), ASSIGNMENTS, ids=[s for _, s in ASSIGNMENTS]
)
jailed = pytest.mark.skipif(available() is not None, reason=str(available()))


def test_the_template_is_what_the_source_makes(course, slug):
    assert templates.check(course, slug) == []


def test_the_files_of_the_assignment_fit_together(course, slug):
    assert structure.problems(course, slug) == []


@jailed
def test_the_solution_earns_all_and_the_template_nothing(course, slug):
    assignment = manifest.load(slug, course)
    tests = TestSet.load(course, slug)
    cases = tuple(structure.read_cases(tests))
    with Jail(assignment.preload, assignment.limits) as jail:
        bench = Bench(course, assignment, tests, cases, jail)
        assert solution_problems(bench) == []
        assert template_problems(bench) == []


@jailed
@pytest.mark.slow
def test_every_mutant_loses_what_it_should_and_every_case_is_needed(course, slug):
    assert selftest(course, slug, Console(quiet=True)) == []


@jailed
@pytest.mark.slow
def test_the_sample_class_gets_what_it_should(course, slug, tmp_path):
    from kit.grading.batch.batch import grade

    samples.build(course, slug, tmp_path / "class")
    out = tmp_path / "out"
    console = Console(quiet=True)
    secret = tmp_path / "secret"
    secret.write_text("a secret of the tests of the laws")
    assignment = manifest.load(slug, course)
    grade(course, assignment, tmp_path / "class", out, secret=secret, console=console)
    for sample in samples.read(course, slug):
        found = json.loads((out / "results" / f"{sample.student}.json").read_text())
        got = (found["verdict"], found["points"])
        assert got == (sample.verdict, pytest.approx(sample.points)), sample.student


@pytest.mark.slow
def test_the_notebook_runs_from_top_to_bottom_on_the_solution(course, slug, tmp_path):
    """As a student has it, with otter itself: every question's cell says that all tests passed."""
    folder = tmp_path / "student"
    shutil.copytree(course.template(slug), folder)
    for path in course.solution(slug).glob("*.py"):
        shutil.copy(path, folder)
    subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", f"{slug}.ipynb",
         "--output", "done.ipynb"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "2"},
        check=True,
        capture_output=True,
        timeout=900,
    )  # fmt: skip
    cells = json.loads((folder / "done.ipynb").read_text(encoding="utf-8"))["cells"]
    said = {cell["id"]: json.dumps(cell.get("outputs")) for cell in cells}
    for question in manifest.load(slug, course).questions:
        shown = said[f"{question.id}-check"]
        assert "passed" in shown and "failed" not in shown, f"{question.id}: {shown}"


HONEST = ("PASS", "FAIL", "NOT_ATTEMPTED")  # otter itself falls over submissions that crash


@pytest.mark.slow
def test_stock_otter_gives_the_same_points(course, slug, tmp_path):
    """`otter run` on the packed solution, template and honest samples, question by question."""
    from kit.grading.autograders.otter_zip import build

    zip_file = build(course, slug, tmp_path / "autograder.zip")
    assignment = manifest.load(slug, course)
    listed = [s for s in samples.read(course, slug) if s.verdict in HONEST]
    listed = [s for s in listed if s.form in ("folder", "zip")]
    submissions = {s.student: samples.submission(course, slug, s) for s in listed}
    ours = judged(course, slug, submissions)
    for student, files in submissions.items():
        packed = tmp_path / f"{student}.zip"
        packed.write_bytes(zipped(files))
        assert stock_otter(zip_file, packed, tmp_path / student) == ours[student], student
    assert {"PASS", "NOT_ATTEMPTED"} <= {s.verdict for s in listed}
    full = {question.id: question.points for question in assignment.questions}
    assert full in ours.values()


def judged(course, slug, submissions):
    """The points by question that our own judge gives, in the jail."""
    from kit.authoring.selftest import SECRET
    from kit.grading.judging.judge import judge

    assignment = manifest.load(slug, course)
    tests = TestSet.load(course, slug)
    with Jail(assignment.preload, assignment.limits) as jail:
        return {
            student: {
                result.id: pytest.approx(result.points)
                for result in judge(assignment, files, jail, SECRET, tests)
            }
            for student, files in submissions.items()
        }


def stock_otter(zip_file: Path, submission: Path, out: Path) -> dict[str, float]:
    """The points by question that `otter run` gives; `q1` and `q1_hidden` are one question."""
    out.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "otter", "run", str(submission), "-a", str(zip_file), "-o", str(out),
         "--no-logo"],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"}, cwd=out,
        capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    points: dict[str, float] = {}
    for test in json.loads((out / "results.json").read_text())["tests"]:
        if "score" in test:
            question = test["name"].partition("_")[0].partition(" ")[0]
            points[question] = points.get(question, 0.0) + test["score"]
    return points

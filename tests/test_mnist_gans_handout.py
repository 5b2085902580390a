"""What the MNIST GAN handout promises: points, names of pairs, no late penalty, a bonus."""

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit import assignment as manifest
from kit.authoring.structure import read_cases
from kit.grading.judging.tests_on_disk import TestSet
from kit.jail import available
from kit.paths import find_workspace

ROOT = Path(__file__).resolve().parent.parent
SLUG = "a2_mnist_gans"
WORKSPACE = find_workspace(ROOT)
jailed = pytest.mark.skipif(available() is not None, reason=str(available()))

HANDOUT = {"Q1": 5, "Q2": 10, "Q3": 10, "Q4": 15}  # the coursework's own marks, for the report
ROW = re.compile(r"^\| (Q\d) \|[^|]*\| (\d+|bonus) \| (\d+) \| (q\d+(?:, q\d+)*) \|$", re.MULTILINE)

# When it came, the points of the report (of 40) and of the bonus, the mark beside 40 for the code.
CLASS = {
    "ada_20201815_grace_20201906": ("2020-12-21T23:59:00", 36, 0, 76),
    "emmy_20201882_emil_20201898": ("2020-12-22T00:00:00", 40, 5, 85),
    "carl_20201777": ("2021-02-01T12:00:00", 31, 2, 73),
}


def test_each_question_has_its_points_in_the_report_and_in_the_tests():
    assignment = manifest.load(SLUG, WORKSPACE)
    text = (WORKSPACE.solution(SLUG) / "README.md").read_text(encoding="utf-8")
    rubric = {item.id: item.points for item in assignment.report.rubric}
    rows = ROW.findall(text)
    assert [row[0] for row in rows] == [*HANDOUT, "Q5"]
    for question, report, tests, named in rows:
        own = [q for q in assignment.questions if q.title.startswith(f"{question} ")]
        assert [q.id for q in own] == named.split(", ")
        assert sum(q.points for q in own) == int(tests)
        if question in HANDOUT:
            assert rubric[f"r{question[1]}"] == int(report) == HANDOUT[question]
    assert rows[-1][1] == "bonus"
    assert sum(bonus.points for bonus in assignment.bonuses) == 5
    assert assignment.components == {"auto": 40, "report": sum(HANDOUT.values())}


def test_the_hidden_tests_are_worth_more_than_half():
    cases = [one.case for one in read_cases(TestSet.load(WORKSPACE, SLUG))]
    hidden = sum(case.points for case in cases if case.hidden)
    assert hidden / manifest.load(SLUG, WORKSPACE).components["auto"] > 0.5


def test_the_report_is_in_ieee_style_of_four_to_six_pages():
    report = manifest.load(SLUG, WORKSPACE).report
    assert (report.style, report.min_pages, report.max_pages) == ("ieee", 4, 6)


@pytest.mark.parametrize("name", [*CLASS, "o-hara_2020_li_123456789012"])
def test_names_of_a_pair(name):
    assert re.fullmatch(manifest.load(SLUG, WORKSPACE).handin.student, name)


@pytest.mark.parametrize("name", ["ada", "ada_grace", "20201815_ada", "ada_20201815_grace", ""])
def test_names_without_numbers(name):
    assert not re.fullmatch(manifest.load(SLUG, WORKSPACE).handin.student, name)


@jailed
def test_a_late_hand_in_loses_nothing_and_a_bonus_counts(tmp_path):
    lines = ["student,component,points,comment"], ["student,submitted,extension_days"]
    for student, (when, points, bonus, _) in CLASS.items():
        folder = tmp_path / "class" / student
        folder.mkdir(parents=True)
        for module in manifest.load(SLUG, WORKSPACE).modules:
            shutil.copy(WORKSPACE.solution(SLUG) / f"{module}.py", folder)
        lines[0].append(f"{student},report,{points},")
        lines[0].append(f"{student},q5_ideas,{bonus},")
        lines[1].append(f"{student},{when},")
    for name, rows in zip(("marks.csv", "times.csv"), lines, strict=True):
        (tmp_path / name).write_text("\n".join(rows) + "\n")
    (tmp_path / "secret").write_text("a secret of the test of the late rule")
    done = subprocess.run(
        [sys.executable, str(ROOT / "grade.py"), SLUG, "class", "-o", "out", "--secret", "secret",
         "--marks", "marks.csv", "--times", "times.csv"],
        cwd=tmp_path, capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with (tmp_path / "out" / "gradebook.csv").open(encoding="utf-8", newline="") as stream:
        found = {row["student"]: row for row in csv.DictReader(stream)}
    for student, (_, _, _, mark) in CLASS.items():
        row = found[student]
        assert (float(row["auto"]), float(row["final"])) == (40, mark), student

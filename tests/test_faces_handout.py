"""What the handout of the faces and MLP assignment promises: points, the late rule.

The late rule has the handout's own numbers: one day late 85 stays 85, and 99 becomes 90.
"""

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
SLUG = "a3_faces_mlps"
WORKSPACE = find_workspace(ROOT)
jailed = pytest.mark.skipif(available() is not None, reason=str(available()))

# The points of the original handout, by its questions.
HANDOUT = {
    "1.1": 15, "1.2": 10, "1.3": 10, "2.1": 10, "2.2": 5, "3.1": 15, "3.2": 10, "3.3": 5, "3.4": 5,
    "4.1": 15,
}  # fmt: skip
ROW = re.compile(
    r"^\| (\d\.\d) \|[^|]*\| (\d+) \| (\d+) \| (q\d+(?:, q\d+)*) \| (\d+) \|$", re.MULTILINE
)

# When it came on the clock of Melbourne, the points of the report (of 52) beside 48 for the code,
# the days late and the mark.
CLASS = {
    "on_time": ("2021-09-06T18:00:00", 51, 0, 99),
    "one_day_85": ("2021-09-07T17:59:00", 37, 1, 85),
    "one_day_99": ("2021-09-07T12:00:00", 51, 1, 90),
    "a_second": ("2021-09-06T18:00:01", 52, 1, 90),
    "in_utc": ("2021-09-06T08:00:00+00:00", 51, 0, 99),
    "seven_days": ("2021-09-13T18:00:00", 51, 7, 30),
    "more_than_a_week": ("2021-09-13T18:00:01", 51, 8, 0),
}


def test_each_question_of_the_handout_has_its_points():
    assignment = manifest.load(SLUG, WORKSPACE)
    text = (WORKSPACE.solution(SLUG) / "README.md").read_text(encoding="utf-8")
    rubric = {item.id: item.points for item in assignment.report.rubric}
    rows = ROW.findall(text)
    assert [row[0] for row in rows] == list(HANDOUT)
    for question, points, tests, named, report in rows:
        own = [q for q in assignment.questions if q.title.startswith(f"{question} ")]
        assert [q.id for q in own] == named.split(", ")
        assert sum(q.points for q in own) == int(tests)
        assert rubric[f"r{question.replace('.', '_')}"] == int(report)
        assert int(tests) + int(report) == int(points) == HANDOUT[question]
    assert sum(assignment.components.values()) == sum(HANDOUT.values()) == 100


def test_the_hidden_tests_are_worth_more_than_half():
    cases = [one.case for one in read_cases(TestSet.load(WORKSPACE, SLUG))]
    hidden = sum(case.points for case in cases if case.hidden)
    assert hidden / manifest.load(SLUG, WORKSPACE).components["auto"] > 0.5


@jailed
def test_the_marks_of_late_hand_ins(tmp_path):
    lines = ["student,component,points,comment"], ["student,submitted,extension_days"]
    for student, (when, points, _, _) in CLASS.items():
        folder = tmp_path / "class" / student
        folder.mkdir(parents=True)
        for module in manifest.load(SLUG, WORKSPACE).modules:
            shutil.copy(WORKSPACE.solution(SLUG) / f"{module}.py", folder)
        lines[0].append(f"{student},report,{points},")
        lines[1].append(f"{student},{when},")
    for name, rows in zip(("marks.csv", "times.csv"), lines, strict=True):
        (tmp_path / name).write_text("\n".join(rows) + "\n")
    (tmp_path / "secret").write_text("a secret of the test of the late rule")
    done = subprocess.run(
        [sys.executable, str(ROOT / "grade.py"), SLUG, "class", "-o", "out", "--secret", "secret",
         "--marks", "marks.csv", "--times", "times.csv"],
        cwd=tmp_path, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with (tmp_path / "out" / "gradebook.csv").open(encoding="utf-8", newline="") as stream:
        found = {row["student"]: row for row in csv.DictReader(stream)}
    for student, (_, _, days, mark) in CLASS.items():
        row = found[student]
        got = float(row["auto"]), int(row["days_late"]), float(row["final"])
        assert got == (48, days, mark), student
    page = (tmp_path / "out" / "feedback" / "one_day_99.html").read_text(encoding="utf-8")
    assert "the mark is at most 90" in page

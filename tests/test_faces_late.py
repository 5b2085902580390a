"""The late rule of the faces and MLP assignment, as a course meets it: through `grade.py`.

The handout's own numbers: one day late a mark of 85 stays 85, and 99 becomes 90.
"""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kit import assignment as manifest
from kit.jail import available
from kit.paths import find_workspace

ROOT = Path(__file__).resolve().parent.parent
SLUG = "a3_faces_mlps"
WORKSPACE = find_workspace(ROOT)
pytestmark = pytest.mark.skipif(available() is not None, reason=str(available()))

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

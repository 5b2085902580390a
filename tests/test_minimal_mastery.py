"""What the handout of the minimal-mastery assignment promises: points, penalties, the late rule.

Penalties come before the cap for late work, and nothing falls below zero. The whole is 140: 100 for
the report as the handout marks it, 40 for the tests.
"""

import csv
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kit import assignment as manifest
from kit.authoring.structure import read_cases
from kit.files import load_module
from kit.grading.intake.discover import discover
from kit.grading.intake.intake import Submission, read
from kit.grading.judging.budgets import count
from kit.grading.judging.tests_on_disk import TestSet
from kit.grading.results import Count
from kit.jail import Jail, available
from kit.paths import find_workspace
from kit.student.pack import pack

ROOT = Path(__file__).resolve().parent.parent
SLUG = "a4_minimal_mastery"
WORKSPACE = find_workspace(ROOT)
ASSIGNMENT = manifest.load(SLUG, WORKSPACE)
jailed = pytest.mark.skipif(available() is not None, reason=str(available()))

RUBRIC = {"quality": 40, "accuracy": 30, "realism": 20, "diversity": 10}
LIMITS = {
    "classifier_parameters": 100_000,
    "classifier_steps": 10_000,
    "generator_parameters": 1_000_000,
    "generator_steps": 50_000,
}
PENALTIES = dict.fromkeys(LIMITS, -5) | {
    "painted": -100,
    "unreferenced": -100,
    "pretrained": -100,
    "test_data": -100,
    "pages": -10,
}

# When it came on the clock of London, the points of the report (of 100) beside 40 for the code,
# what a person confirmed of penalties (in units), the working days late and the mark (of 140).
CLASS = {
    "ontime": ("2025-01-28T14:00:00", 70, {}, 0, 110),
    "second": ("2025-01-28T14:00:01", 70, {}, 1, 56),
    "weaker": ("2025-01-29T13:00:00", 10, {}, 1, 50),
    "weekend": ("2025-02-02T09:00:00", 70, {}, 3, 56),
    "monday": ("2025-02-03T14:00:00", 70, {}, 4, 56),
    "fifth": ("2025-02-04T14:00:00", 70, {}, 5, 56),
    "sixth": ("2025-02-04T14:00:01", 70, {}, 6, 0),
    "inutc": ("2025-01-28T14:00:00+00:00", 70, {}, 0, 110),
    "tenth": ("2025-01-28T12:00:00", 70, {"classifier_parameters": 1}, 0, 105),
    "stacked": (
        "2025-01-28T12:00:00", 100,
        {"classifier_steps": 5, "generator_parameters": 1, "generator_steps": 2, "pages": 2},
        0, 80,
    ),
    "painted": ("2025-01-28T12:00:00", 100, {"painted": 1}, 0, 40),
    "floor": ("2025-01-28T12:00:00", 30, {"pretrained": 1, "test_data": 1}, 0, 0),
    "before": ("2025-01-30T12:00:00", 100, {"classifier_steps": 10}, 2, 56),
    "below": ("2025-01-30T12:00:00", 60, {"classifier_steps": 12}, 2, 40),
}  # fmt: skip


def test_the_report_is_marked_as_the_handout_marks_it():
    assert {item.id: item.points for item in ASSIGNMENT.report.rubric} == RUBRIC
    assert ASSIGNMENT.components == {"auto": 40, "report": 100}
    assert (ASSIGNMENT.report.max_pages, ASSIGNMENT.report.count_references) == (4, False)
    text = (WORKSPACE.solution(SLUG) / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (\d+) \| \w", text, re.MULTILINE)[:4] == ["40", "30", "20", "10"]


def test_every_penalty_of_the_table_is_data():
    assert {penalty.id: penalty.points for penalty in ASSIGNMENT.penalties} == PENALTIES
    for penalty in ASSIGNMENT.penalties:
        if penalty.id in LIMITS:
            assert penalty.per == "full 10 % over the limit"
            assert f"{LIMITS[penalty.id]:,}" in penalty.title


@pytest.mark.parametrize(
    ("amount", "limit", "cost"),
    [
        (110_000, 100_000, 5), (150_000, 100_000, 25), (11_000, 10_000, 5), (15_000, 10_000, 25),
        (1_100_000, 1_000_000, 5), (1_500_000, 1_000_000, 25), (55_000, 50_000, 5),
        (75_000, 50_000, 25), (109_999, 100_000, 0), (200_000, 100_000, 50),
    ],
)  # fmt: skip
def test_the_examples_of_the_handout_hold(amount, limit, cost):
    module = load_module(WORKSPACE.solution(SLUG) / "classifier.py", "a4_solution_classifier")
    assert module.penalty_points(amount, limit) == cost


def test_the_reference_is_within_its_budgets_and_says_so():
    modules = {
        name: load_module(WORKSPACE.solution(SLUG) / f"{name}.py", f"a4_solution_{name}")
        for name in ASSIGNMENT.modules
    }
    classifier, generative = modules["classifier"], modules["generative_model"]
    count = classifier.count_parameters
    assert count(classifier.build_classifier()) == classifier.PARAMETERS < 100_000
    assert count(generative.build_unet()) == generative.PARAMETERS < 1_000_000
    assert classifier.STEPS <= 10_000 and generative.STEPS <= 50_000


# The hand-in


def source(module: str) -> bytes:
    return (WORKSPACE.solution(SLUG) / f"{module}.py").read_bytes()


def notebook(code: bytes) -> bytes:
    cells = [
        {"cell_type": "code", "source": text.splitlines(keepends=True)}
        for text in (code.decode(), "trained = build_and_train_for_hours()")
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}).encode()


def handed_in(folder: Path, files: dict[str, bytes]) -> Submission:
    with zipfile.ZipFile(folder / "abcd12.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    (entry,) = discover(folder)
    return read(entry, ASSIGNMENT)


def test_the_archive_is_that_of_the_handout(tmp_path):
    for module in ASSIGNMENT.modules:
        (tmp_path / f"{module}.py").write_bytes(source(module))
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7\n")
    for other in ("model.pt", "samples.png", "plots.py"):
        (tmp_path / other).write_bytes(b"")
    packed = pack(tmp_path, ASSIGNMENT, "abcd12")
    assert packed.path.name == "abcd12.zip" and packed.missing == ()
    assert set(packed.files) == {
        "abcd12-paper.pdf", "abcd12-classifier.py", "abcd12-generative-model.py",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["py", "ipynb"])
def test_both_forms_of_the_handout_are_read_without_a_finding(tmp_path, kind):
    form = notebook if kind == "ipynb" else bytes
    files = {
        f"abcd12-{module.replace('_', '-')}.{kind}": form(source(module))
        for module in ASSIGNMENT.modules
    }
    found = handed_in(tmp_path, files | {"abcd12-paper.pdf": b"%PDF-1.7\n"})
    assert [one.text for one in found.findings] == []
    assert set(found.files) == {"classifier.py", "generative_model.py"}
    assert b"def sum_log_probabilities" in found.files["classifier.py"]
    assert b"for_hours" not in found.files["generative_model.py"]


def test_weights_images_sources_and_other_libraries_are_findings_and_no_zero(tmp_path):
    files = {
        "abcd12-classifier.py": b"import tensorflow as tf\n" + source("classifier"),
        "abcd12-generative-model.py": b"import jax\nfrom flax import linen\n",
        "abcd12-paper.pdf": b"%PDF-1.7\n",
        "model.pt": b"weights",
        "grid.png": b"an image",
        "blocks.py": b"",
    }
    found = handed_in(tmp_path, files)
    kinds = [one.kind for one in found.findings]
    assert sorted(kinds) == ["by_hand", "by_hand", "import", "refused", "refused", "unlisted"]
    assert {"classifier.py", "generative_model.py"} <= set(found.files)


@jailed
def test_what_is_stated_stands_beside_what_was_counted():
    budgets = (WORKSPACE.autograder(SLUG) / "budgets.py").read_text(encoding="utf-8")
    right = {f"{module}.py": source(module) for module in ASSIGNMENT.modules}
    claims = load_module(WORKSPACE.solution(SLUG) / "generative_model.py", "a4_claims")
    twice = b"""

def build_classifier():
    return nn.Sequential(nn.Flatten(), nn.Linear(3 * 28 * 28, 85), nn.Linear(85, 20))


_once = train_classifier


def train_classifier(model, optimizer, batches, steps, *more, **named):
    return _once(model, optimizer, batches, 2 * steps, *more, **named)
"""
    over = right | {"classifier.py": source("classifier") + twice}
    with Jail(ASSIGNMENT.preload, ASSIGNMENT.limits) as jail:
        found, over = (
            {one.budget: one for one in count(ASSIGNMENT, Submission("a", f), jail, budgets)[0]}
            for f in (right, over)
        )
    count_of = "generator_parameters"
    assert found[count_of] == Count(count_of, claims.PARAMETERS, claims.PARAMETERS)
    assert found["generator_steps"] == Count("generator_steps", claims.STEPS, 3, 3)
    assert found["classifier_steps"].counted == found["classifier_steps"].asked
    assert over["classifier_parameters"].counted == 2352 * 85 + 85 + 85 * 20 + 20
    assert over["classifier_steps"].counted == 2 * over["classifier_steps"].asked
    limits = {one.id: one for one in ASSIGNMENT.budgets}
    assert limits["classifier_parameters"].units(over["classifier_parameters"].counted) == 10


def test_the_limits_are_those_of_the_handout():
    found = {one.id: (one.limit, one.each, one.below) for one in ASSIGNMENT.budgets}
    assert found == {
        "classifier_parameters": (100_000, 10_000, True),
        "classifier_steps": (10_000, 1_000, False),
        "generator_parameters": (1_000_000, 100_000, True),
        "generator_steps": (50_000, 5_000, False),
        "pages": (4, 1, False),
    }


def test_the_hidden_tests_are_worth_more_than_half():
    cases = [one.case for one in read_cases(TestSet.load(WORKSPACE, SLUG))]
    hidden = sum(case.points for case in cases if case.hidden)
    assert hidden / ASSIGNMENT.components["auto"] > 0.5


@jailed
def test_penalties_come_first_then_the_cap_and_nothing_is_below_zero(tmp_path):
    lines = ["student,component,points,comment"], ["student,submitted,extension_days"]
    for student, (when, points, penalties, _, _) in CLASS.items():
        folder = tmp_path / "class" / student
        folder.mkdir(parents=True)
        for module in ASSIGNMENT.modules:
            shutil.copy(WORKSPACE.solution(SLUG) / f"{module}.py", folder)
        lines[0].append(f"{student},report,{points},")
        lines[0].extend(f"{student},{name},{units}," for name, units in penalties.items())
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
    for student, (_, _, _, days, mark) in CLASS.items():
        row = found[student]
        got = float(row["auto"]), int(row["days_late"]), float(row["final"])
        assert got == (40, days, mark), student
    page = (tmp_path / "out" / "feedback" / "before.html").read_text(encoding="utf-8")
    assert "the mark is at most 56" in page
